//! The parts that every kind of node has: client, database, keys and transaction pool.

pub mod dev;

#[cfg(feature = "collator")]
pub mod collator;

use crate::chain_spec;
pub use axonic_runtime::{opaque::Block, Hash, RuntimeApi};
use cumulus_primitives_core::{GetParachainInfo, ParaId};
use sc_client_api::Backend as _;
use sc_consensus::DefaultImportQueue;
use sc_executor::WasmExecutor;
use sc_network::multiaddr::{Multiaddr, Protocol};
use sc_service::{
    BuildGenesisBlock, Configuration, GenesisBlockBuilder, KeystoreContainer, TFullBackend,
    TFullClient, TaskManager,
};
#[cfg(feature = "collator")]
use sc_telemetry::TelemetryWorkerHandle;
use sc_telemetry::{Telemetry, TelemetryHandle, TelemetryWorker};
use sc_transaction_pool::TransactionPoolHandle;
use sp_api::ProvideRuntimeApi;
use sp_blockchain::HeaderBackend;
use sp_runtime::traits::Block as _;
use std::{
    io::ErrorKind,
    net::{IpAddr, SocketAddr, TcpListener},
    sync::Arc,
};

/// What the runtime may call on its host. The benchmarks' functions are there so that a runtime
/// built for benchmarking loads in any build of the node; an ordinary runtime never imports them.
pub type HostFunctions = (
    cumulus_primitives_proof_size_hostfunction::storage_proof_size::HostFunctions,
    sp_io::SubstrateHostFunctions,
    frame_benchmarking::benchmarking::HostFunctions,
);

/// The client: database, runtime and what follows from the two.
pub type Client = TFullClient<Block, RuntimeApi, WasmExecutor<HostFunctions>>;

/// The database as the client sees it.
pub type Backend = TFullBackend<Block>;

/// The transactions that wait for a block.
pub type Pool = TransactionPoolHandle<Block, Client>;

/// A node before it talks to anyone.
pub struct Parts {
    /// The client.
    pub client: Arc<Client>,
    /// The client's database.
    pub backend: Arc<Backend>,
    /// This node's keys.
    pub keystore: KeystoreContainer,
    /// The transaction pool.
    pub pool: Arc<Pool>,
    /// What runs in the background; dropping it stops the node.
    pub task_manager: TaskManager,
    /// The connection to the telemetry servers, if any is configured.
    pub telemetry: Option<Telemetry>,
    /// The worker behind it, which the embedded relay chain node shares.
    #[cfg(feature = "collator")]
    pub telemetry_worker: Option<TelemetryWorkerHandle>,
}

impl Parts {
    /// The telemetry as most constructors want it.
    pub fn telemetry_handle(&self) -> Option<TelemetryHandle> {
        self.telemetry.as_ref().map(Telemetry::handle)
    }

    /// The parachain id, from the runtime.
    pub fn para_id(&self) -> sc_cli::Result<ParaId> {
        let best = self.client.info().best_hash;
        self.client
            .runtime_api()
            .parachain_id(best)
            .map_err(|error| {
                plain(format!(
                    "The chain's runtime does not say its parachain id: {error}"
                ))
            })
    }
}

/// An error that is shown to people exactly as it stands.
pub fn plain(message: impl Into<String>) -> sc_cli::Error {
    let message: String = message.into();
    sc_cli::Error::Application(message.into())
}

/// Opens the database and everything that stands directly on it.
pub fn open(config: &Configuration) -> sc_cli::Result<Parts> {
    let telemetry = config
        .telemetry_endpoints
        .clone()
        .filter(|endpoints| !endpoints.is_empty())
        .map(|endpoints| -> Result<_, sc_telemetry::Error> {
            let worker = TelemetryWorker::new(16)?;
            let telemetry = worker.handle().new_telemetry(endpoints);
            Ok((worker, telemetry))
        })
        .transpose()
        .map_err(sc_service::Error::from)?;

    let path = config
        .database
        .path()
        .map(|path| path.display().to_string())
        .unwrap_or_default();
    let backend: Arc<Backend> =
        sc_service::new_db_backend(config.db_config()).map_err(|error| {
            plain(format!(
                "The database in {path} cannot be opened: {error}\n\
                 If it is in use, another node runs on this folder: stop that one, or give this \
                 one a --base-path of its own. If the pruning modes differ, leave --state-pruning \
                 and --blocks-pruning as they were. If it is damaged, restore a backup, or delete \
                 it with `purge-chain` and let the node synchronise again."
            ))
        })?;

    let executor = sc_service::new_wasm_executor::<HostFunctions>(&config.executor);
    let storage = config
        .chain_spec
        .as_storage_builder()
        .build_storage()
        .map_err(|error| {
            plain(format!(
                "The genesis of `{}` cannot be built: {error}",
                config.chain_spec.name()
            ))
        })?;
    let genesis = |storage| {
        GenesisBlockBuilder::<Block, _, _>::new_with_storage(
            storage,
            !config.no_genesis(),
            backend.clone(),
            executor.clone(),
        )
    };

    // The SDK carries on with whatever chain the database holds. For a specification from a file
    // that is a mistake; a built-in one merely follows the runtime of each new build.
    if let Some(stored) = backend.blockchain().hash(0)? {
        let expected = genesis(storage.clone())?
            .build_genesis_block()?
            .0
            .header()
            .hash();
        if stored != expected && chain_spec::is_built_in(&*config.chain_spec) {
            log::warn!(
                "The chain in {path} was started by another build of this node and goes on with \
                 its own runtime until that is upgraded. To start afresh, use `purge-chain`."
            );
        } else if stored != expected {
            return Err(plain(format!(
                "The database in {path} holds another chain than the specification `{}`: its \
                 genesis is {stored:?}, the specification's {expected:?}. Give the specification \
                 that the database was made with, or another --base-path, or delete the database \
                 with `purge-chain`.",
                config.chain_spec.name()
            )));
        }
    }

    let genesis = genesis(storage)?;
    let (client, backend, keystore, task_manager) =
        sc_service::new_full_parts_with_genesis_builder::<Block, RuntimeApi, _, _>(
            config,
            telemetry.as_ref().map(|(_, telemetry)| telemetry.handle()),
            executor,
            backend,
            genesis,
            // Blocks of others are imported as their author built them: with a recorder, or
            // `storage_proof_size` answers differently and the weights do not match.
            true,
        )?;
    let client = Arc::new(client);

    #[cfg(feature = "collator")]
    let telemetry_worker = telemetry.as_ref().map(|(worker, _)| worker.handle());
    let telemetry = telemetry.map(|(worker, telemetry)| {
        task_manager
            .spawn_handle()
            .spawn("telemetry", None, worker.run());
        telemetry
    });

    let pool = sc_transaction_pool::Builder::new(
        task_manager.spawn_essential_handle(),
        client.clone(),
        config.role.is_authority().into(),
    )
    .with_options(config.transaction_pool.clone())
    .with_prometheus(config.prometheus_registry())
    .build();

    Ok(Parts {
        client,
        backend,
        keystore,
        pool: Arc::new(pool),
        task_manager,
        telemetry,
        #[cfg(feature = "collator")]
        telemetry_worker,
    })
}

/// Opens the chain for commands that read or replay blocks, with the queue that verifies them the
/// way the chain's nodes do.
pub fn open_for_chain_operations(
    config: &Configuration,
) -> sc_cli::Result<(Parts, DefaultImportQueue<Block>)> {
    let parts = open(config)?;
    #[cfg(feature = "collator")]
    if config.chain_spec.chain_type() != sc_service::ChainType::Development {
        let (_, import_queue) = collator::import(config, &parts);
        return Ok((parts, import_queue));
    }
    let import_queue = dev::import_queue(config, &parts);
    Ok((parts, import_queue))
}

/// Makes a taken JSON-RPC port an error: by default the SDK moves to another one without a word.
/// Endpoints that the operator wrote out with all their settings stay as written.
pub fn keep_to_rpc_port(run: &sc_cli::RunCmd, config: &mut Configuration) {
    if run.rpc_params.experimental_rpc_endpoint.is_empty() {
        for endpoint in config.rpc.addr.iter_mut().flatten() {
            endpoint.retry_random_port = false;
        }
    }
}

/// Refuses to start on ports that are taken. Left alone, the SDK would serve no metrics and the
/// network would share the port with the other process, both without a word.
///
/// Metrics that nobody asked for (`metrics_matter` is false) are given up with a warning.
fn check_ports(config: &mut Configuration, metrics_matter: bool) -> sc_cli::Result<()> {
    let refuse = |address: SocketAddr, flag: &str| {
        Err(plain(format!(
            "{address} is in use by another process, perhaps another node. Stop it, or choose \
             another port with {flag}."
        )))
    };
    let metrics = config
        .prometheus_config
        .as_ref()
        .map(|metrics| metrics.port);
    if let Some(address) = metrics.filter(is_taken) {
        if metrics_matter {
            return refuse(address, "--prometheus-port");
        }
        log::warn!("No metrics are served: {address} is in use by another process.");
        config.prometheus_config = None;
    }
    for endpoint in config.rpc.addr.iter().flatten() {
        let must_bind = !endpoint.is_optional && !endpoint.retry_random_port;
        if must_bind && is_taken(&endpoint.listen_addr) {
            return refuse(endpoint.listen_addr, "--rpc-port");
        }
    }
    let mut peer_ports = config
        .network
        .listen_addresses
        .iter()
        .filter_map(tcp_address);
    peer_ports
        .find(is_taken)
        .map_or(Ok(()), |address| refuse(address, "--port"))
}

fn is_taken(address: &SocketAddr) -> bool {
    matches!(TcpListener::bind(address), Err(error) if error.kind() == ErrorKind::AddrInUse)
}

/// The socket behind an address such as `/ip4/127.0.0.1/tcp/30333/ws`.
fn tcp_address(address: &Multiaddr) -> Option<SocketAddr> {
    let mut parts = address.iter();
    let ip: IpAddr = match parts.next()? {
        Protocol::Ip4(ip) => ip.into(),
        Protocol::Ip6(ip) => ip.into(),
        _ => return None,
    };
    match parts.next()? {
        Protocol::Tcp(port) => Some(SocketAddr::new(ip, port)),
        _ => None,
    }
}
