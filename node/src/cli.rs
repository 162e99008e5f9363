//! The command line: the SDK's flags with this node's own defaults, and what the SDK lacks.

use crate::chain_spec;
use clap::{Command, CommandFactory, FromArgMatches};
use sc_cli::{CliConfiguration, SharedParams, SubstrateCli};
use sc_service::{BasePath, ChainSpec};
use std::{
    ffi::OsString,
    fmt, fs,
    io::{self, Write},
    ops::RangeInclusive,
    path::PathBuf,
    str::FromStr,
    time::Duration,
};

#[cfg(feature = "collator")]
pub use cumulus_client_cli::{PurgeChainCmd, RunCmd};
#[cfg(not(feature = "collator"))]
pub use sc_cli::{PurgeChainCmd, RunCmd};

/// Bounds on the JSON-RPC server that the SDK leaves open or wide: argument and default.
const RPC_LIMITS: [(&str, &str); 5] = [
    // Explorers batch about twenty calls; without a bound one request can ask for everything.
    ("rpc_max_batch_request_len", "50"),
    // One process of a member opens a few; each may cost a thread.
    ("rpc_max_connections", "100"),
    // A runtime of 4 MiB, in hexadecimal, still fits.
    ("rpc_max_request_size", "10"),
    // Metadata and large storage reads stay well below.
    ("rpc_max_response_size", "15"),
    // The busiest explorer page opens some dozens.
    ("rpc_max_subscriptions_per_connection", "256"),
];

/// Calls a minute on one connection. An explorer needs a few hundred when it opens and an
/// integration a few a second, so fifty a second hinders no one, and a client in a loop is slowed
/// down before it starves the others.
const RPC_RATE_LIMIT: &str = "3000";

/// Milliseconds between the blocks of a development chain. Below the bound a small machine spends
/// its time on empty blocks; above it `manual` serves better.
const SEALING_MILLIS: RangeInclusive<u64> = 100..=3_600_000;

/// When a development chain makes a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sealing {
    /// One each time this long has passed.
    Every(Duration),
    /// One as soon as a transaction is there.
    Instant,
    /// One whenever the RPC method `engine_createBlock` asks.
    Manual,
}

impl Default for Sealing {
    fn default() -> Self {
        Self::Every(Duration::from_secs(1))
    }
}

impl FromStr for Sealing {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (least, most) = (*SEALING_MILLIS.start(), *SEALING_MILLIS.end());
        match (text, text.parse::<u64>()) {
            ("instant", _) => Ok(Self::Instant),
            ("manual", _) => Ok(Self::Manual),
            (_, Ok(millis)) if SEALING_MILLIS.contains(&millis) => {
                Ok(Self::Every(Duration::from_millis(millis)))
            }
            (_, Ok(_)) => Err(format!(
                "the time between blocks is {least} to {most} milliseconds"
            )),
            (_, Err(_)) => Err(format!(
                "give the milliseconds between blocks ({least} to {most}), `instant` (a block as \
                 soon as there is a transaction) or `manual` (a block when `engine_createBlock` \
                 asks for one)"
            )),
        }
    }
}

impl fmt::Display for Sealing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Every(period) => write!(f, "one every {} ms", period.as_millis()),
            Self::Instant => write!(f, "one as soon as there is a transaction"),
            Self::Manual => write!(f, "one when `engine_createBlock` asks"),
        }
    }
}

/// The whole command line.
#[derive(Debug, clap::Parser)]
pub struct Cli {
    /// What to do instead of running a node.
    #[command(subcommand)]
    pub subcommand: Option<Subcommand>,

    /// The SDK's flags for running a node.
    #[command(flatten)]
    pub run: RunCmd,

    /// When a development chain makes a block: a number of milliseconds, `instant` or `manual`.
    ///
    /// `instant` makes one as soon as a transaction is there, `manual` when the RPC method
    /// `engine_createBlock` asks. Every block is final at once, and the chain's clock is this
    /// machine's. [default: 1000]
    #[arg(long, value_name = "MILLISECONDS|instant|manual")]
    pub sealing: Option<Sealing>,

    /// Skip measuring CPU, memory and disk at the start.
    #[cfg(feature = "collator")]
    #[arg(long)]
    pub no_hardware_benchmarks: bool,

    /// Arguments for the embedded relay chain node, after `--`.
    #[cfg(feature = "collator")]
    #[arg(raw = true)]
    pub relay_chain_args: Vec<String>,
}

/// What the binary does besides running a node.
#[derive(Debug, clap::Subcommand)]
pub enum Subcommand {
    /// Write a chain specification as JSON: that of `--chain`, plain or raw.
    ExportChainSpec(sc_cli::ExportChainSpecCmd),

    /// Make, inspect and insert keys.
    #[command(subcommand)]
    Key(sc_cli::KeySubcommand),

    /// Delete the database of a chain.
    PurgeChain(PurgeChainCmd),

    /// Execute a block of the database again.
    CheckBlock(sc_cli::CheckBlockCmd),

    /// Write blocks to a file.
    ExportBlocks(sc_cli::ExportBlocksCmd),

    /// Write the state of a block as a chain specification.
    ExportState(sc_cli::ExportStateCmd),

    /// Read blocks from a file.
    ImportBlocks(sc_cli::ImportBlocksCmd),

    /// Take the chain back to an earlier block.
    Revert(sc_cli::RevertCmd),

    /// Write the header of the genesis block, for registering the parachain.
    #[command(alias = "export-genesis-state")]
    ExportGenesisHead(ExportGenesis),

    /// Write the runtime of the genesis block, for registering the parachain.
    ExportGenesisWasm(ExportGenesis),

    /// Measure the runtime and the machine.
    #[command(subcommand)]
    Benchmark(frame_benchmarking_cli::BenchmarkCmd),
}

/// Where and how to write a part of the genesis block.
#[derive(Debug, clap::Args)]
pub struct ExportGenesis {
    /// The file; standard output if left out.
    output: Option<PathBuf>,

    /// Write the bytes themselves, not `0x` and hexadecimal digits.
    #[arg(short, long)]
    raw: bool,

    /// The SDK's common flags.
    #[command(flatten)]
    shared_params: SharedParams,
}

impl ExportGenesis {
    /// Writes `bytes` as asked.
    pub fn write(&self, mut bytes: Vec<u8>) -> sc_cli::Result<()> {
        if !self.raw {
            bytes = format!("0x{}", hex::encode(bytes)).into_bytes();
        }
        match &self.output {
            Some(path) => fs::write(path, bytes)?,
            None => io::stdout().write_all(&bytes)?,
        }
        Ok(())
    }
}

impl CliConfiguration for ExportGenesis {
    fn shared_params(&self) -> &SharedParams {
        &self.shared_params
    }

    /// Only genesis is needed: the node's own database stays untouched, and may be in use.
    fn base_path(&self) -> sc_cli::Result<Option<BasePath>> {
        Ok(Some(BasePath::new_temp_dir()?))
    }
}

impl Cli {
    /// Reads this process's command line; explains and exits if it cannot.
    pub fn read() -> Self {
        Self::try_read(std::env::args_os()).unwrap_or_else(|error| error.exit())
    }

    fn try_read<T: Into<OsString> + Clone>(
        arguments: impl IntoIterator<Item = T>,
    ) -> clap::error::Result<Self> {
        Self::from_arg_matches(&Self::with_own_defaults().try_get_matches_from(arguments)?)
    }

    /// The command line with this node's defaults in place of the SDK's. They are defaults of the
    /// flags themselves, so `--help` shows them and whoever gives the flag overrides them.
    fn with_own_defaults() -> Command {
        let mut command = Self::setup_command(Self::command());
        for (argument, default) in RPC_LIMITS {
            command = command.mut_arg(argument, |arg| arg.default_value(default));
        }
        let rate_limit_help = "Calls a minute that one WebSocket connection may make; more wait \
                               and are then refused. No limit with --dev, unless it is given; \
                               4294967295 is as good as none";
        let command = command
            .mut_arg("rpc_rate_limit", |arg| {
                arg.default_value_if("dev", "true", None)
                    .default_value(RPC_RATE_LIMIT)
                    .help(rate_limit_help)
                    .long_help(rate_limit_help)
            })
            .mut_arg("state_pruning", |arg| {
                arg.default_value_if("dev", "true", Some("archive"))
            })
            .mut_arg("blocks_pruning", |arg| {
                arg.default_value_if("dev", "true", Some("archive"))
            });
        with_database(command)
    }

    /// The SDK's flags, without those that Cumulus adds.
    #[cfg(feature = "collator")]
    pub fn base(&self) -> &sc_cli::RunCmd {
        &self.run.base
    }

    /// The SDK's flags.
    #[cfg(not(feature = "collator"))]
    pub fn base(&self) -> &sc_cli::RunCmd {
        &self.run
    }
}

/// The database that is opened wherever none is named.
///
/// RocksDB has what it was told before anybody hears that a block is final. ParityDB has it in
/// memory at first, so that a node that is killed may come back without its last final block.
#[cfg(feature = "collator")]
pub const DATABASE: sc_cli::Database = sc_cli::Database::RocksDb;
/// The database that is opened wherever none is named: RocksDB is not in this build.
#[cfg(not(feature = "collator"))]
pub const DATABASE: sc_cli::Database = sc_cli::Database::ParityDb;

/// Its name on the command line.
const fn database_name() -> &'static str {
    if cfg!(feature = "collator") {
        "rocksdb"
    } else {
        "paritydb"
    }
}

/// [`DATABASE`] in every command that opens one; the SDK's own default differs between them.
fn with_database(command: Command) -> Command {
    let command = command.mut_subcommands(with_database);
    if command
        .get_arguments()
        .any(|arg| arg.get_id().as_str() == "database")
    {
        command.mut_arg("database", |arg| arg.default_value(database_name()))
    } else {
        command
    }
}

impl SubstrateCli for Cli {
    fn impl_name() -> String {
        "Axonic Node".into()
    }

    fn impl_version() -> String {
        env!("CARGO_PKG_VERSION").into()
    }

    fn description() -> String {
        "A node of Axonic Chain, the application blockchain of a healthcare consortium.\n\n\
         `--dev` starts a chain of its own on this machine. Otherwise the node joins a network as \
         a full node or, with `--collator`, makes its blocks; arguments after `--` are for the \
         relay chain node inside it."
            .into()
    }

    fn author() -> String {
        "the Axonic Chain contributors".into()
    }

    fn support_url() -> String {
        "the README of the source repository".into()
    }

    fn copyright_start_year() -> i32 {
        2026
    }

    fn load_spec(&self, id: &str) -> Result<Box<dyn ChainSpec>, String> {
        chain_spec::load(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sc_cli::DatabasePruningMode;

    fn parse(arguments: &[&str]) -> Cli {
        let arguments = std::iter::once("axonic-node").chain(arguments.iter().copied());
        Cli::try_read(arguments).expect("the arguments are valid")
    }

    #[test]
    fn sealing_parses_when_it_is_milliseconds_or_a_known_word() {
        assert_eq!(
            "100".parse(),
            Ok(Sealing::Every(Duration::from_millis(100)))
        );
        assert_eq!("6000".parse(), Ok(Sealing::Every(Duration::from_secs(6))));
        assert_eq!("instant".parse(), Ok(Sealing::Instant));
        assert_eq!("manual".parse(), Ok(Sealing::Manual));
        assert_eq!(
            Sealing::default(),
            Sealing::Every(Duration::from_millis(1000))
        );
    }

    #[test]
    fn sealing_names_the_bounds_when_the_number_is_outside() {
        for text in ["0", "99", "3600001"] {
            let message = text.parse::<Sealing>().unwrap_err();
            assert!(
                message.contains("100 to 3600000 milliseconds"),
                "{text}: {message}"
            );
        }
    }

    #[test]
    fn sealing_lists_the_choices_when_it_is_not_understood() {
        for text in ["", "fast", "-1", "1s", "Instant", "99999999999999999999"] {
            let message = text.parse::<Sealing>().unwrap_err();
            for choice in ["milliseconds", "`instant`", "`manual`"] {
                assert!(message.contains(choice), "{text}: {message}");
            }
        }
    }

    #[test]
    fn sealing_refusal_reaches_the_user_through_the_flag() {
        let error = Cli::try_read(["axonic-node", "--dev", "--sealing", "7"]).unwrap_err();
        assert!(error.to_string().contains("100 to 3600000"), "{error}");
    }

    #[test]
    fn command_line_is_consistent() {
        Cli::with_own_defaults().debug_assert();
    }

    #[test]
    fn rpc_is_bounded_unless_the_operator_says_otherwise() {
        let rpc = parse(&["--chain", "consortium"]).base().rpc_params.clone();
        assert_eq!(rpc.rpc_rate_limit.map(u32::from), Some(3000));
        assert_eq!(rpc.rpc_max_batch_request_len, Some(50));
        assert_eq!(rpc.rpc_max_request_size, 10);

        let rpc = parse(&["--rpc-rate-limit", "7", "--rpc-max-request-size", "3"])
            .base()
            .rpc_params
            .clone();
        assert_eq!(rpc.rpc_rate_limit.map(u32::from), Some(7));
        assert_eq!(rpc.rpc_max_request_size, 3);
    }

    #[test]
    fn batch_requests_can_still_be_disabled() {
        let cli = parse(&["--rpc-disable-batch-requests"]);
        assert!(cli.base().rpc_params.rpc_disable_batch_requests);
    }

    #[test]
    fn dev_keeps_everything_and_has_no_rate_limit() {
        let cli = parse(&["--dev"]);
        let pruning = &cli.base().import_params.pruning_params;
        assert_eq!(cli.base().rpc_params.rpc_rate_limit, None);
        assert_eq!(pruning.state_pruning, Some(DatabasePruningMode::Archive));
        assert_eq!(pruning.blocks_pruning, DatabasePruningMode::Archive);

        let limited = parse(&["--dev", "--rpc-rate-limit", "60"]);
        assert_eq!(
            limited.base().rpc_params.rpc_rate_limit.map(u32::from),
            Some(60)
        );
    }

    #[test]
    fn database_is_the_same_in_every_command() {
        let cli = parse(&[]);
        assert_eq!(
            cli.base().import_params.database_params.database,
            Some(DATABASE)
        );

        let cli = parse(&["export-blocks", "--chain", "dev"]);
        let Some(Subcommand::ExportBlocks(command)) = cli.subcommand else {
            panic!("export-blocks was asked for")
        };
        assert_eq!(command.database_params.database, Some(DATABASE));
    }
}
