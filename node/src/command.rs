//! What each command does, and how errors are told.

use crate::{
    cli::{Cli, PurgeChainCmd, Subcommand},
    service::{self, open_for_chain_operations, plain, Block},
};
use codec::Encode;
use cumulus_primitives_proof_size_hostfunction::storage_proof_size;
use frame_benchmarking_cli::{BenchmarkCmd, SUBSTRATE_REFERENCE_HARDWARE};
use sc_cli::{CliConfiguration, Error, Result, Runner, SubstrateCli};
use sc_network::config::NetworkBackendType;
use sc_service::ChainType;
use sp_blockchain::HeaderBackend;
use sp_core::storage::well_known_keys;
use sp_runtime::traits::HashingFor;
use std::io::{self, ErrorKind};

/// Does what the command line says.
pub fn run(cli: Cli) -> Result<()> {
    match &cli.subcommand {
        None => run_node(cli),
        Some(Subcommand::ExportChainSpec(cmd)) => cmd.run(cli.load_spec(&cmd.chain)?),
        Some(Subcommand::Key(cmd)) => cmd.run(&cli),
        Some(Subcommand::PurgeChain(cmd)) => purge(&cli, cmd),
        Some(Subcommand::CheckBlock(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
            let (parts, import_queue) = open_for_chain_operations(&config)?;
            Ok((cmd.run(parts.client, import_queue), parts.task_manager))
        }),
        Some(Subcommand::ExportBlocks(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
            let parts = service::open(&config)?;
            Ok((cmd.run(parts.client, config.database), parts.task_manager))
        }),
        Some(Subcommand::ExportState(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
            let parts = service::open(&config)?;
            Ok((cmd.run(parts.client, config.chain_spec), parts.task_manager))
        }),
        Some(Subcommand::ImportBlocks(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
            let (parts, import_queue) = open_for_chain_operations(&config)?;
            Ok((cmd.run(parts.client, import_queue), parts.task_manager))
        }),
        Some(Subcommand::Revert(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
            let parts = service::open(&config)?;
            Ok((
                cmd.run(parts.client, parts.backend, None),
                parts.task_manager,
            ))
        }),
        Some(Subcommand::ExportGenesisHead(cmd)) => cli.create_runner(cmd)?.sync_run(|config| {
            let client = service::open(&config)?.client;
            let header = client.header(client.info().genesis_hash)?;
            cmd.write(
                header
                    .ok_or_else(|| plain("The genesis block has no header."))?
                    .encode(),
            )
        }),
        Some(Subcommand::ExportGenesisWasm(cmd)) => {
            let spec = cli.load_spec(&cmd.chain_id(cmd.is_dev()?)?)?;
            let code = spec.build_storage()?.top.remove(well_known_keys::CODE);
            cmd.write(code.ok_or_else(|| plain("The genesis state holds no runtime."))?)
        }
        Some(Subcommand::Benchmark(cmd)) => benchmark(&cli, cmd),
    }
}

fn benchmark(cli: &Cli, cmd: &BenchmarkCmd) -> Result<()> {
    let spec_of = |chain: &Option<String>| chain.as_ref().map(|id| cli.load_spec(id)).transpose();
    match cmd {
        BenchmarkCmd::Pallet(cmd) => cmd
            .run_with_spec::<HashingFor<Block>, storage_proof_size::HostFunctions>(spec_of(
                &cmd.shared_params.chain,
            )?),
        BenchmarkCmd::Overhead(cmd) => {
            cmd.run_with_default_builder_and_spec::<Block, ()>(spec_of(&cmd.shared_params.chain)?)
        }
        BenchmarkCmd::Block(cmd) => cli
            .create_runner(cmd)?
            .sync_run(|config| cmd.run(service::open(&config)?.client)),
        BenchmarkCmd::Machine(cmd) => cli
            .create_runner(cmd)?
            .sync_run(|config| cmd.run(&config, SUBSTRATE_REFERENCE_HARDWARE.clone())),
        BenchmarkCmd::Storage(_) | BenchmarkCmd::Extrinsic(_) => Err(plain(
            "This node measures `pallet`, `overhead`, `block` and `machine`.",
        )),
    }
}

/// Runs a node: of a development chain if the specification describes one, else of a parachain.
fn run_node(cli: Cli) -> Result<()> {
    #[cfg(feature = "collator")]
    let mut runner = cli.create_runner(&cli.run.normalize())?;
    #[cfg(not(feature = "collator"))]
    let mut runner = cli.create_runner(&cli.run)?;

    service::keep_to_rpc_port(cli.base(), runner.config_mut());
    let config = runner.config();
    if !matches!(config.network.network_backend, NetworkBackendType::Litep2p) {
        return Err(plain(
            "This node speaks litep2p only: leave --network-backend out.",
        ));
    }
    if config.chain_spec.chain_type() == ChainType::Development {
        let sealing = cli.sealing.unwrap_or_default();
        return runner.run_node_until_exit(|config| async move {
            service::dev::start(config, sealing).await
        });
    }
    if cli.base().shared_params.dev || cli.sealing.is_some() {
        return Err(plain(format!(
            "`{}` is not a development chain, and --dev and --sealing are for those. Leave them \
             out, or leave out --chain.",
            config.chain_spec.name()
        )));
    }
    run_parachain(cli, runner)
}

#[cfg(feature = "collator")]
fn run_parachain(cli: Cli, runner: Runner<Cli>) -> Result<()> {
    runner.run_node_until_exit(|config| async move {
        let relay_config = service::collator::relay_chain_config(&cli, &config)?;
        let hwbench = config
            .database
            .path()
            .filter(|_| !cli.no_hardware_benchmarks)
            .map(|path| {
                // If the folder cannot be made, opening the database says so.
                let _ = std::fs::create_dir_all(path);
                sc_sysinfo::gather_hwbench(Some(path), &SUBSTRATE_REFERENCE_HARDWARE)
            });
        service::collator::start(
            config,
            relay_config,
            cli.run.collator_options(),
            cli.run.experimental_max_pov_percentage,
            hwbench,
        )
        .await
    })
}

#[cfg(not(feature = "collator"))]
fn run_parachain(_: Cli, _: Runner<Cli>) -> Result<()> {
    Err(plain(
        "This build runs development chains only (--dev): it was made without the `collator` \
         feature.",
    ))
}

#[cfg(feature = "collator")]
fn purge(cli: &Cli, cmd: &PurgeChainCmd) -> Result<()> {
    cli.create_runner(cmd)?.sync_run(|config| {
        // A development chain has no relay chain beside it.
        let alone = config.chain_spec.chain_type() == ChainType::Development;
        if alone || (cmd.parachain && !cmd.relaychain) {
            return cmd.base.run(config.database);
        }
        let relay_config = service::collator::relay_chain_config(cli, &config)?;
        cmd.run(config, relay_config)
    })
}

#[cfg(not(feature = "collator"))]
fn purge(cli: &Cli, cmd: &PurgeChainCmd) -> Result<()> {
    cli.create_runner(cmd)?
        .sync_run(|config| cmd.run(config.database))
}

/// The error as people read it: without the SDK's wrappers, and with what to do where the SDK
/// leaves that out.
pub fn explain(error: Error) -> String {
    match error {
        Error::Input(message) | Error::Service(sc_service::Error::Other(message)) => message,
        Error::Application(inner) | Error::Service(sc_service::Error::Application(inner)) => {
            match inner.downcast_ref::<io::Error>().map(io::Error::kind) {
                Some(ErrorKind::AddrInUse) => {
                    "The JSON-RPC port is in use by another process. Stop it, or choose another \
                     port with --rpc-port."
                        .into()
                }
                Some(ErrorKind::PermissionDenied) => {
                    "The system does not let this node listen on the JSON-RPC port. Choose one \
                     above 1023 with --rpc-port."
                        .into()
                }
                _ => inner.to_string(),
            }
        }
        other => other.to_string(),
    }
}
