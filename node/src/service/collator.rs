//! The node of a parachain: a full node or, with `--collator`, one that makes the blocks. It embeds
//! a relay chain node, builds ahead of inclusion (async backing) and speaks litep2p.

use super::{plain, Backend, Block, Client, Hash, Parts};
use crate::{
    chain_spec,
    cli::{Cli, DATABASE},
    rpc,
};
use clap::{CommandFactory, FromArgMatches};
use codec::Encode;
use cumulus_client_bootnodes::{start_bootnode_tasks, StartBootnodeTasksParams};
use cumulus_client_cli::{CollatorOptions, RelayChainMode};
use cumulus_client_collator::service::CollatorService;
use cumulus_client_consensus_aura::{
    collators::lookahead::{self, Params as LookaheadParams},
    equivocation_import_queue::fully_verifying_import_queue,
};
use cumulus_client_service::{
    build_network, build_relay_chain_interface, prepare_node_config, start_relay_chain_tasks,
    BuildNetworkParams, DARecoveryProfile, ParachainTracingExecuteBlock,
    StartRelayChainTasksParams,
};
use cumulus_primitives_core::relay_chain::ValidationCode;
use cumulus_relay_chain_interface::RelayChainInterface;
use sc_basic_authorship::ProposerFactory;
use sc_cli::{CliConfiguration, SubstrateCli};
use sc_consensus::DefaultImportQueue;
use sc_network::{
    config::FullNetworkConfiguration, Litep2pNetworkBackend, NetworkBlock, NetworkStateInfo,
    NotificationMetrics,
};
use sc_service::{Configuration, ImportQueue, SpawnTasksParams, TaskManager};
use sc_sysinfo::HwBench;
use sp_consensus_aura::sr25519::AuthorityPair;
use std::{sync::Arc, time::Duration};

/// The time between two blocks of the relay chain.
const RELAY_SLOT: Duration = Duration::from_secs(6);

/// How long a block may be built: what the runtime's 2 s of block weight stand for.
const AUTHORING_TIME: Duration = Duration::from_secs(2);

/// The client's import, which also drops blocks in excess at one height: those that the relay chain
/// turned down.
type ParachainBlockImport =
    cumulus_client_consensus_common::ParachainBlockImport<Block, Arc<Client>, Backend>;

/// The way blocks enter the database, and the queue before it that verifies what others send.
pub fn import(
    config: &Configuration,
    parts: &Parts,
) -> (ParachainBlockImport, DefaultImportQueue<Block>) {
    let block_import = ParachainBlockImport::new(parts.client.clone(), parts.backend.clone());
    let queue = fully_verifying_import_queue::<AuthorityPair, _, _, _, _>(
        parts.client.clone(),
        block_import.clone(),
        move |_, ()| async move { Ok(sp_timestamp::InherentDataProvider::from_system_time()) },
        &parts.task_manager.spawn_essential_handle(),
        config.prometheus_registry(),
        parts.telemetry_handle(),
    );
    (block_import, queue)
}

/// The configuration of the embedded relay chain node: the arguments after `--`, and where they are
/// silent, what does not collide with the parachain's part.
pub fn relay_chain_config(cli: &Cli, config: &Configuration) -> sc_cli::Result<Configuration> {
    let command = polkadot_cli::RunCmd::command().no_binary_name(true);
    let mut relay =
        polkadot_cli::RunCmd::from_arg_matches(&command.get_matches_from(&cli.relay_chain_args))
            .unwrap_or_else(|error| error.exit())
            .base;

    let shared = &mut relay.shared_params;
    if shared.chain.is_none() && !shared.dev {
        shared.chain = chain_spec::relay_chain(&*config.chain_spec);
    }
    shared
        .base_path
        .get_or_insert_with(|| config.base_path.path().join("polkadot"));
    relay.network_params.port.get_or_insert(30334);
    relay.rpc_params.rpc_port.get_or_insert(9945);
    relay.prometheus_params.prometheus_port.get_or_insert(9616);
    relay
        .import_params
        .database_params
        .database
        .get_or_insert(DATABASE);

    let polkadot = polkadot_cli::Cli::from_iter(["polkadot"]);
    let mut relay_config = CliConfiguration::<()>::create_configuration(
        &relay,
        &polkadot,
        config.tokio_handle.clone(),
    )
    .map_err(|error| {
        plain(format!(
            "The relay chain's part of the command line: {error}\n\
             Its arguments follow `--`, as in `axonic-node --collator --chain axonic.json -- \
             --chain relay.json`."
        ))
    })?;
    super::keep_to_rpc_port(&relay, &mut relay_config);

    // A collator's relay chain part serves no browsers, unless it is told to.
    let network = &relay.network_params;
    let told = network.force_enable_webrtc || !network.listen_addr.is_empty();
    if config.role.is_authority() && !told {
        relay_config.network.remove_webrtc_addresses();
    }
    Ok(relay_config)
}

/// Starts the node.
#[sc_tracing::logging::prefix_logs_with("Parachain")]
pub async fn start(
    config: Configuration,
    mut relay_config: Configuration,
    options: CollatorOptions,
    max_pov_percentage: Option<u32>,
    hwbench: Option<HwBench>,
) -> sc_cli::Result<TaskManager> {
    let mut config = prepare_node_config(config);
    super::check_ports(&mut config, true)?;
    if matches!(options.relay_chain_mode, RelayChainMode::Embedded) {
        super::check_ports(&mut relay_config, false)?;
    }

    let mut parts = super::open(&config)?;
    let (block_import, import_queue) = import(&config, &parts);
    let para_id = parts.para_id()?;
    log::info!("🪪 Parachain id: {para_id:?}");

    let is_collator = config.role.is_authority();
    let prometheus_registry = config.prometheus_registry().cloned();
    let parachain_fork_id = config.chain_spec.fork_id().map(ToString::to_string);
    let parachain_public_addresses = config.network.public_addresses.clone();
    let advertise_non_global_ips = config.network.allow_non_globals_in_dht;
    let relay_chain_fork_id = relay_config.chain_spec.fork_id().map(ToString::to_string);

    let (relay_chain_interface, collator_key, relay_chain_network, paranode_requests) =
        build_relay_chain_interface(
            relay_config,
            &config,
            parts.telemetry_worker.clone(),
            &mut parts.task_manager,
            options.clone(),
            hwbench.clone(),
        )
        .await
        .map_err(|error| plain(format!("The relay chain part cannot start: {error}")))?;
    let overseer_handle = relay_chain_interface
        .overseer_handle()
        .map_err(|error| plain(format!("The relay chain part has no overseer: {error}")))?;

    let import_queue_service = import_queue.service();
    let net_config = FullNetworkConfiguration::<Block, Hash, Litep2pNetworkBackend>::new(
        &config.network,
        prometheus_registry.clone(),
    );
    let metrics = NotificationMetrics::new(config.prometheus_registry());
    let (network, system_rpc_tx, tx_handler_controller, sync_service, _) =
        build_network(BuildNetworkParams {
            parachain_config: &config,
            net_config,
            client: parts.client.clone(),
            transaction_pool: parts.pool.clone(),
            para_id,
            spawn_handle: parts.task_manager.spawn_handle(),
            spawn_essential_handle: parts.task_manager.spawn_essential_handle(),
            relay_chain_interface: relay_chain_interface.clone(),
            import_queue,
            metrics,
            gap_sync_body_policy: None,
        })
        .await?;

    let (client, pool) = (parts.client.clone(), parts.pool.clone());
    sc_service::spawn_tasks(SpawnTasksParams {
        config,
        client: parts.client.clone(),
        backend: parts.backend.clone(),
        task_manager: &mut parts.task_manager,
        keystore: parts.keystore.keystore(),
        transaction_pool: parts.pool.clone(),
        rpc_builder: Box::new(move |_| {
            rpc::create_full(client.clone(), pool.clone()).map_err(Into::into)
        }),
        network: network.clone(),
        system_rpc_tx,
        tx_handler_controller,
        sync_service: sync_service.clone(),
        telemetry: parts.telemetry.as_mut(),
        tracing_execute_block: Some(Arc::new(ParachainTracingExecuteBlock::new(
            parts.client.clone(),
        ))),
    })?;
    if let Some(hwbench) = hwbench {
        report_hardware(&hwbench, is_collator);
    }

    let announce_block: Arc<dyn Fn(Hash, Option<Vec<u8>>) + Send + Sync> = {
        let sync_service = sync_service.clone();
        Arc::new(move |hash, data| sync_service.announce_block(hash, data))
    };
    start_relay_chain_tasks(StartRelayChainTasksParams {
        client: parts.client.clone(),
        announce_block: announce_block.clone(),
        para_id,
        relay_chain_interface: relay_chain_interface.clone(),
        task_manager: &mut parts.task_manager,
        da_recovery_profile: if is_collator {
            DARecoveryProfile::Collator
        } else {
            DARecoveryProfile::FullNode
        },
        import_queue: import_queue_service,
        relay_chain_slot_duration: RELAY_SLOT,
        recovery_handle: Box::new(overseer_handle.clone()),
        sync_service,
        prometheus_registry: prometheus_registry.as_ref(),
    })?;
    let collator_peer_id = relay_chain_network.local_peer_id();
    start_bootnode_tasks(StartBootnodeTasksParams {
        embedded_dht_bootnode: options.embedded_dht_bootnode,
        dht_bootnode_discovery: options.dht_bootnode_discovery,
        para_id,
        task_manager: &mut parts.task_manager,
        relay_chain_interface: relay_chain_interface.clone(),
        relay_chain_fork_id,
        relay_chain_network,
        request_receiver: paranode_requests,
        parachain_network: network,
        advertise_non_global_ips,
        parachain_genesis_hash: parts.client.chain_info().genesis_hash.encode(),
        parachain_fork_id,
        parachain_public_addresses,
    });

    if is_collator {
        let proposer = ProposerFactory::new(
            parts.task_manager.spawn_handle(),
            parts.client.clone(),
            parts.pool.clone(),
            prometheus_registry.as_ref(),
            parts.telemetry_handle(),
        );
        let code_client = parts.client.clone();
        let collation =
            lookahead::run::<Block, AuthorityPair, _, _, _, _, _, _, _, _>(LookaheadParams {
                // Timestamp and validation data come from the collator itself.
                create_inherent_data_providers: move |_, ()| async move { Ok(()) },
                block_import,
                para_client: parts.client.clone(),
                para_backend: parts.backend.clone(),
                relay_client: relay_chain_interface,
                code_hash_provider: move |block: Hash| {
                    code_client
                        .code_at(block)
                        .ok()
                        .map(|code| ValidationCode::from(code).hash())
                },
                keystore: parts.keystore.keystore(),
                collator_key: collator_key
                    .ok_or_else(|| plain("The relay chain part gave this collator no key."))?,
                collator_peer_id,
                para_id,
                overseer_handle,
                relay_chain_slot_duration: RELAY_SLOT,
                proposer,
                collator_service: CollatorService::new(
                    parts.client.clone(),
                    announce_block,
                    parts.client.clone(),
                ),
                authoring_duration: AUTHORING_TIME,
                reinitialize: false,
                max_pov_percentage,
            });
        parts
            .task_manager
            .spawn_essential_handle()
            .spawn("aura", None, collation);
    }
    Ok(parts.task_manager)
}

/// Prints what the machine can do, and warns a collator that is too slow for the relay chain.
fn report_hardware(hwbench: &HwBench, is_collator: bool) {
    sc_sysinfo::print_hwbench(hwbench);
    let requirements = &*frame_benchmarking_cli::SUBSTRATE_REFERENCE_HARDWARE;
    if let (true, Err(failures)) = (is_collator, requirements.check_hardware(hwbench, false)) {
        log::warn!(
            "⚠️  This machine is slower than a collator should be, and blocks may come too late \
             for the relay chain: {failures}"
        );
    }
}
