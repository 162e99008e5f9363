//! A development chain: one node, no relay chain, every block final at once, and a clock that shows
//! the real time.
//!
//! # Why blocks may come faster than slots
//!
//! The runtime is the one that runs as a parachain, with all of its checks. Those that concern time
//! are, on each block:
//!
//! - `pallet_timestamp`: the time does not go back (`MinimumPeriod` is 0);
//! - `pallet_aura`: the slot in the header's digest does not go back (several blocks may share one:
//!   `AllowMultipleBlocksPerSlot`), and it is the timestamp divided by the slot duration;
//! - `cumulus_pallet_aura_ext`'s `FixedVelocityConsensusHook<_, 6000, V, C>`: the relay chain's
//!   slot, read from the state proof, does not go back; it covers the same time as the aura slot;
//!   and at most V + 1 blocks share it;
//! - `cumulus_pallet_parachain_system`: the relay parent's number does not fall
//!   (`RelayNumberMonotonicallyIncreases`), and fewer than C blocks are not yet included.
//!
//! So everything follows from one number, the timestamp, which is the wall clock or, if that has
//! not moved, one millisecond after the parent's: it always rises. The aura slot is the timestamp
//! divided by the slot duration, the relay slot and the relay parent's number are the timestamp
//! divided by six seconds: they never fall, and they agree as long as a slot is a multiple of six
//! seconds. The parent counts as included, so nothing piles up. As no two blocks share a
//! millisecond, no more than 6000 share a relay slot: the runtime's V is at least 5999. On a real
//! relay chain that V is idle, because C is what bounds blocks on one relay parent there.
//!
//! The parent's timestamp comes from the parent's state, so none of this depends on how long the
//! node was off, and a clock set back only makes the chain wait for it, a millisecond a block.

use super::{Block, Client, Hash, Parts, Pool};
use crate::{cli::Sealing, rpc};
use axonic_runtime::genesis_config_presets::ROLE_ACCOUNTS;
use codec::{Decode, Encode};
use cumulus_client_parachain_inherent::MockValidationDataInherentDataProvider;
use cumulus_primitives_core::{relay_chain::UpgradeGoAhead, CollectCollationInfo, ParaId};
use frame_support::storage::storage_prefix;
use futures::{
    channel::{mpsc, oneshot},
    future, SinkExt, StreamExt,
};
use sc_basic_authorship::ProposerFactory;
use sc_client_api::StorageProvider;
use sc_consensus::{DefaultImportQueue, LongestChain};
use sc_consensus_manual_seal::{
    consensus::aura::AuraConsensusDataProvider,
    rpc::{ManualSeal, ManualSealApiServer},
    run_manual_seal, EngineCommand, Error as SealError, ManualSealParams,
};
use sc_network::{
    config::{FullNetworkConfiguration, TransportConfig},
    multiaddr::{Multiaddr, Protocol},
    Litep2pNetworkBackend, NotificationMetrics,
};
use sc_service::{BuildNetworkParams, Configuration, SpawnTasksParams, TaskManager};
use sc_transaction_pool_api::{ChainEvent, MaintainedTransactionPool, TransactionPool};
use sp_api::ProvideRuntimeApi;
use sp_core::{
    crypto::{Ss58AddressFormat, Ss58Codec},
    sr25519,
    storage::StorageKey,
    Pair,
};
use sp_timestamp::Timestamp;
use std::{error::Error, io::Write, net::Ipv4Addr, sync::Arc, time::Duration};

/// Milliseconds in a slot of the relay chain that the runtime believes it runs under.
const RELAY_SLOT_MILLIS: u64 = 6_000;

/// How many `engine_createBlock` calls may wait; the next caller waits to be heard.
const WAITING_COMMANDS: usize = 16;

/// How long the pool may take to digest a block before the next one is tried regardless.
const POOL_PATIENCE: Duration = Duration::from_secs(2);

/// Starts the chain, or goes on with the one in the database.
pub async fn start(mut config: Configuration, sealing: Sealing) -> sc_cli::Result<TaskManager> {
    // There are no peers to find; a free port on loopback disturbs nobody.
    let loopback = Multiaddr::empty().with(Protocol::Ip4(Ipv4Addr::LOCALHOST));
    config.network.listen_addresses = vec![loopback.with(Protocol::Tcp(0))];
    config.network.boot_nodes.clear();
    config.network.default_peers_set.in_peers = 0;
    config.network.default_peers_set.out_peers = 0;
    config.network.enable_dht_random_walk = false;
    config.network.transport = TransportConfig::Normal {
        enable_mdns: false,
        allow_private_ip: true,
    };
    super::check_ports(&mut config, false)?;

    let mut parts = super::open(&config)?;
    let para_id = parts.para_id()?;
    let net_config =
        FullNetworkConfiguration::<Block, Hash, Litep2pNetworkBackend>::new(&config.network, None);
    let (network, system_rpc_tx, tx_handler_controller, sync_service, _) =
        sc_service::build_network(BuildNetworkParams {
            config: &config,
            net_config,
            client: parts.client.clone(),
            transaction_pool: parts.pool.clone(),
            spawn_handle: parts.task_manager.spawn_handle(),
            spawn_essential_handle: parts.task_manager.spawn_essential_handle(),
            import_queue: import_queue(&config, &parts),
            block_announce_validator_builder: None,
            warp_sync_config: None,
            block_relay: None,
            metrics: NotificationMetrics::new(None),
            gap_sync_body_policy: None,
        })?;

    let (mut commands, commands_stream) = mpsc::channel(WAITING_COMMANDS);
    let authorship = ManualSealParams {
        block_import: parts.client.clone(),
        env: ProposerFactory::new(
            parts.task_manager.spawn_handle(),
            parts.client.clone(),
            parts.pool.clone(),
            config.prometheus_registry(),
            parts.telemetry_handle(),
        ),
        client: parts.client.clone(),
        pool: parts.pool.clone(),
        commands_stream: {
            let pool = parts.pool.clone();
            commands_stream.map(move |command| final_at_once(command, &pool))
        },
        select_chain: LongestChain::new(parts.backend.clone()),
        // Puts the aura slot of the inherents' timestamp into the header.
        consensus_data_provider: Some(Box::new(AuraConsensusDataProvider::<Block>::new(
            parts.client.clone(),
        ))),
        create_inherent_data_providers: {
            let client = parts.client.clone();
            move |parent, ()| future::ready(inherents(&client, para_id, parent))
        },
    };

    let spawner = parts.task_manager.spawn_essential_handle();
    spawner.spawn_blocking("authorship", None, run_manual_seal(authorship));
    // The genesis state does not know the chain's genesis hash, which statements that people sign
    // carry. So nobody is served before there is a block.
    if parts.client.chain_info().best_number == 0 {
        if let Some(hash) = seal(&mut commands, true).await {
            // What tells the pool of new blocks is not running yet.
            let (best, last) = (
                ChainEvent::NewBestBlock {
                    hash,
                    tree_route: None,
                },
                Arc::new([]),
            );
            parts.pool.maintain(best).await;
            parts
                .pool
                .maintain(ChainEvent::Finalized {
                    hash,
                    tree_route: last,
                })
                .await;
        }
    }

    let (client, pool) = (parts.client.clone(), parts.pool.clone());
    let engine = (sealing == Sealing::Manual).then(|| commands.clone());
    let handlers = sc_service::spawn_tasks(SpawnTasksParams {
        config,
        client: parts.client.clone(),
        backend: parts.backend.clone(),
        task_manager: &mut parts.task_manager,
        keystore: parts.keystore.keystore(),
        transaction_pool: parts.pool.clone(),
        rpc_builder: Box::new(move |_| {
            let mut module = rpc::create_full(client.clone(), pool.clone())?;
            if let Some(engine) = &engine {
                module
                    .merge(ManualSeal::new(engine.clone()).into_rpc())
                    .map_err(|error| sc_service::Error::Application(error.into()))?;
            }
            Ok(module)
        }),
        network,
        system_rpc_tx,
        tx_handler_controller,
        sync_service,
        telemetry: parts.telemetry.as_mut(),
        tracing_execute_block: None,
    })?;

    match sealing {
        Sealing::Every(period) => spawner.spawn("sealing", None, seal_every(period, commands)),
        Sealing::Instant => {
            spawner.spawn(
                "sealing",
                None,
                seal_when_ready(parts.pool.clone(), commands),
            );
        }
        Sealing::Manual => {}
    }
    // Losing the greeting, because nobody reads standard output, is no reason to stop.
    let _ = greet(handlers.listen_addresses(), sealing);
    Ok(parts.task_manager)
}

/// The queue for blocks read from files: a development chain's blocks bear no seal to verify.
pub fn import_queue(config: &Configuration, parts: &Parts) -> DefaultImportQueue<Block> {
    sc_consensus_manual_seal::import_queue(
        Box::new(parts.client.clone()),
        &parts.task_manager.spawn_essential_handle(),
        config.prometheus_registry(),
    )
}

/// What the node tells the runtime about the world for the block after `parent`: the time, and a
/// relay chain to match. The module's documentation says why it is valid.
fn inherents(
    client: &Client,
    para_id: ParaId,
    parent: Hash,
) -> Result<
    (
        sp_timestamp::InherentDataProvider,
        MockValidationDataInherentDataProvider,
    ),
    Box<dyn Error + Send + Sync>,
> {
    let header = client
        .header(parent)?
        .ok_or("the parent block is not in the database")?;
    let now_key = StorageKey(storage_prefix(b"Timestamp", b"Now").to_vec());
    let last = match client.storage(parent, &now_key)? {
        Some(encoded) => u64::decode(&mut &encoded.0[..])?,
        None => 0,
    };
    let now = next_timestamp(last, Timestamp::current().as_millis());
    let relay_slot = u32::try_from(now / RELAY_SLOT_MILLIS)?;

    // A runtime upgrade waits for the relay chain's word; here it comes with the next block.
    let upgrade = client
        .runtime_api()
        .collect_collation_info(parent, &header)?
        .new_validation_code;
    let relay_chain = MockValidationDataInherentDataProvider {
        current_para_block: header.number.saturating_add(1),
        current_para_block_head: Some(header.encode().into()),
        para_id,
        // Both the relay parent's number and its slot.
        relay_offset: relay_slot,
        relay_blocks_per_para_block: 0,
        upgrade_go_ahead: upgrade.map(|_| UpgradeGoAhead::GoAhead),
        ..Default::default()
    };
    Ok((
        sp_timestamp::InherentDataProvider::new(Timestamp::new(now)),
        relay_chain,
    ))
}

/// The time of the next block in milliseconds: the wall clock's, but always after the last block's.
fn next_timestamp(last: u64, wall_clock: u64) -> u64 {
    wall_clock.max(last.saturating_add(1))
}

/// Whoever asks for a block, it is final: nothing here could ever make another in its place.
///
/// With transactions waiting, a block is never called empty: the sealing engine would take one that
/// holds a single transaction for empty, because it counts inherent data instead of inherents.
fn final_at_once(command: EngineCommand<Hash>, pool: &Pool) -> EngineCommand<Hash> {
    match command {
        EngineCommand::SealNewBlock {
            create_empty,
            parent_hash,
            sender,
            ..
        } => EngineCommand::SealNewBlock {
            create_empty: create_empty || pool.status().ready > 0,
            finalize: true,
            parent_hash,
            sender,
        },
        other => other,
    }
}

/// Asks for a block and waits for it: its hash, or `None` if there is none this time. As there is
/// one request at a time, a slow block delays the next, and no queue builds up.
async fn seal(
    commands: &mut mpsc::Sender<EngineCommand<Hash>>,
    create_empty: bool,
) -> Option<Hash> {
    let (sender, sealed) = oneshot::channel();
    let command = EngineCommand::SealNewBlock {
        create_empty,
        finalize: true,
        parent_hash: None,
        sender: Some(sender),
    };
    // Both ends close only when the node stops.
    commands.send(command).await.ok()?;
    match sealed.await.ok()? {
        Ok(block) => Some(block.hash),
        Err(SealError::EmptyTransactionPool) => None,
        Err(error) => {
            log::warn!("No block was made this time: {error}");
            None
        }
    }
}

/// Makes a block, empty or not, each time `period` has passed.
async fn seal_every(period: Duration, mut commands: mpsc::Sender<EngineCommand<Hash>>) {
    let mut ticks = tokio::time::interval(period);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        seal(&mut commands, true).await;
    }
}

/// Makes a block as soon as transactions are there: one for all that came together, and more while
/// some did not fit.
async fn seal_when_ready(pool: Arc<Pool>, mut commands: mpsc::Sender<EngineCommand<Hash>>) {
    let mut arrivals = pool.import_notification_stream().ready_chunks(1024);
    while arrivals.next().await.is_some() {
        while let Some(block) = seal(&mut commands, false).await {
            if pool
                .ready_at_with_timeout(block, POOL_PATIENCE)
                .await
                .next()
                .is_none()
            {
                break;
            }
        }
    }
}

/// Tells whoever started the chain where it is, who is who on it and what to do with it.
fn greet(addresses: &[Multiaddr], sealing: Sealing) -> std::io::Result<()> {
    let port = addresses
        .iter()
        .find_map(super::tcp_address)
        .map_or(0, |address| address.port());
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "\n  Axonic Chain is running on this machine, for development only: its keys are public.\n\
         \n  JSON-RPC  ws://127.0.0.1:{port} and http://127.0.0.1:{port}\
         \n  Blocks    {sealing}; each is final at once\n\
         \n  Accounts, one a role (sr25519; the name with its slashes is the secret to give)"
    )?;
    for (role, _) in ROLE_ACCOUNTS {
        let secret = format!("//{role}");
        let Ok(pair) = sr25519::Pair::from_string(&secret, None) else {
            continue;
        };
        let address = pair
            .public()
            .to_ss58check_with_version(Ss58AddressFormat::custom(42));
        writeln!(out, "    {secret:<18} {address}")?;
    }
    writeln!(
        out,
        "\n  Try next\
         \n    Look around   https://polkadot.js.org/apps/?rpc=ws://127.0.0.1:{port}#/explorer\
         \n    List methods  curl -s -H 'Content-Type: application/json' -d \
         '{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc_methods\"}}' http://127.0.0.1:{port}\
         \n    Keep the chain between runs   axonic-node --dev --base-path ./axonic-dev\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_timestamp_is_the_wall_clock_when_that_has_moved_on() {
        assert_eq!(next_timestamp(0, 1_790_000_000_000), 1_790_000_000_000);
        assert_eq!(next_timestamp(5, 1_000_000), 1_000_000);
    }

    #[test]
    fn next_timestamp_rises_when_the_wall_clock_stands_still_or_goes_back() {
        assert_eq!(next_timestamp(1000, 1000), 1001);
        assert_eq!(next_timestamp(1000, 10), 1001);
    }

    #[test]
    fn role_accounts_are_what_their_names_derive() {
        for (role, key) in ROLE_ACCOUNTS {
            let pair = sr25519::Pair::from_string(&format!("//{role}"), None)
                .expect("a role is a valid junction");
            assert_eq!(format!("0x{}", hex::encode(pair.public())), *key, "{role}");
        }
    }
}
