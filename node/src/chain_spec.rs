//! Chain specifications: the three that are built in, and files.

use axonic_runtime::genesis_config_presets::{
    get_preset, CONSORTIUM, DEVELOPMENT, LOCAL_TESTNET, PARA_ID,
};
use sc_chain_spec::{
    get_extension, ChainSpec, ChainSpecExtension, ChainType, GenericChainSpec, Properties,
};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The chains that `--chain` knows by name.
const KNOWN_NAMES: &str = "`dev`, `local`, `consortium`";

/// A chain specification with the fields that a parachain adds to it.
type Spec = GenericChainSpec<Extensions>;

/// What a parachain's specification says beyond the SDK's fields. The names are those that
/// omni-node and zombienet read and write.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ChainSpecExtension)]
pub struct Extensions {
    /// The relay chain: a name that the relay chain's node knows, or the path of a JSON file.
    #[serde(alias = "relayChain", alias = "RelayChain")]
    relay_chain: String,
    /// The parachain id. The runtime has it too, and that one counts.
    #[serde(alias = "paraId", alias = "ParaId")]
    para_id: Option<u32>,
    /// Whether this binary made the specification. Then its genesis holds this binary's runtime
    /// and changes with every build; a file's never changes.
    #[serde(skip)]
    built_in: bool,
}

/// Whether the specification is one of this binary's own.
pub fn is_built_in(spec: &dyn ChainSpec) -> bool {
    get_extension::<Extensions>(spec.extensions()).is_some_and(|extensions| extensions.built_in)
}

/// The relay chain that the specification names.
#[cfg(feature = "collator")]
pub fn relay_chain(spec: &dyn ChainSpec) -> Option<String> {
    get_extension::<Extensions>(spec.extensions()).map(|extensions| extensions.relay_chain.clone())
}

/// Finds the specification that `--chain` asks for: a known name, or the path of a JSON file.
///
/// No name means the consortium's network; `key generate-node-key` and others ask that way.
pub fn load(id: &str) -> Result<Box<dyn ChainSpec>, String> {
    let spec = match id {
        "dev" => built_in(
            "Axonic Chain Development",
            "axonic_dev",
            ChainType::Development,
            DEVELOPMENT,
            "rococo-local",
        )?,
        "local" => built_in(
            "Axonic Chain Local Testnet",
            "axonic_local",
            ChainType::Local,
            LOCAL_TESTNET,
            "rococo-local",
        )?,
        "consortium" | "" => built_in(
            "Axonic Consortium",
            "axonic",
            ChainType::Live,
            CONSORTIUM,
            "axonic-relay",
        )?,
        path if Path::new(path).is_file() => Spec::from_json_file(path.into())
            .map_err(|error| format!("Chain specification `{path}`: {error}"))?,
        unknown => {
            return Err(format!(
                "`{unknown}` is neither a chain this node knows ({KNOWN_NAMES}) nor a chain \
                 specification file."
            ))
        }
    };
    Ok(Box::new(spec))
}

fn built_in(
    name: &str,
    id: &str,
    chain_type: ChainType,
    preset: &str,
    relay_chain: &str,
) -> Result<Spec, String> {
    let wasm = axonic_runtime::WASM_BINARY.ok_or(
        "This binary has no WASM runtime in it: it was built with SKIP_WASM_BUILD. Build it again \
         without that variable, or give a chain specification file.",
    )?;
    let mut properties = Properties::new();
    properties.insert("tokenSymbol".into(), "AXN".into());
    properties.insert("tokenDecimals".into(), 12.into());
    properties.insert("ss58Format".into(), 42.into());

    let extensions = Extensions {
        relay_chain: relay_chain.into(),
        para_id: Some(PARA_ID),
        built_in: true,
    };
    // Taken from this binary, not asked of the WASM by its name: that would compile the WASM once
    // more, which takes seconds.
    let patch = get_preset(&preset.into()).ok_or(format!("There is no preset `{preset}`."))?;
    let patch = serde_json::from_slice(&patch)
        .map_err(|error| format!("Preset `{preset}` is not JSON: {error}"))?;
    Ok(Spec::builder(wasm, extensions)
        .with_name(name)
        .with_id(id)
        .with_chain_type(chain_type)
        .with_genesis_config_patch(patch)
        .with_properties(properties)
        .build())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn file_with(text: &str) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file can be made");
        file.write_all(text.as_bytes()).expect("it can be written");
        file
    }

    fn refusal(id: &str) -> String {
        match load(id) {
            Ok(_) => panic!("`{id}` was loaded"),
            Err(refusal) => refusal,
        }
    }

    #[test]
    fn load_lists_the_known_names_when_the_name_is_unknown() {
        let message = refusal("no-such-chain");
        assert!(message.contains("no-such-chain"), "{message}");
        for name in ["dev", "local", "consortium"] {
            assert!(message.contains(&format!("`{name}`")), "{message}");
        }
    }

    #[test]
    fn load_names_the_file_when_its_json_is_malformed() {
        let file = file_with("{ \"name\": ");
        let path = file.path().to_str().expect("temporary paths are text");
        let message = refusal(path);
        assert!(message.contains(path), "{message}");
        assert!(message.contains("parsing"), "{message}");
    }

    #[test]
    fn load_names_the_missing_field_when_a_file_is_not_a_parachain() {
        let file = file_with(r#"{"name":"x","id":"x","bootNodes":[],"genesis":{}}"#);
        let message = refusal(file.path().to_str().expect("temporary paths are text"));
        assert!(message.contains("relay_chain"), "{message}");
    }

    #[test]
    fn load_reads_a_file_as_not_built_in() {
        let file = file_with(
            r#"{"name":"X","id":"x","bootNodes":[],"genesis":{},"relayChain":"r","paraId":2000}"#,
        );
        let spec = load(file.path().to_str().expect("temporary paths are text"))
            .expect("the file is a specification");
        assert_eq!(spec.id(), "x");
        assert!(!is_built_in(&*spec));
    }
}
