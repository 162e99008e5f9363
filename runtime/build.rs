//! Compiles the runtime to WASM, with the features of the native build.
//!
//! `SKIP_WASM_BUILD=1` leaves the WASM out, for checking types only.
//!
//! The hash of the metadata, by which an offline signer knows that it decodes what it signs, is not
//! built in: it needs the feature `metadata-hash` of `substrate-wasm-builder`, which compiles an
//! executor for the build script and the runtime twice. Whoever releases for such signers adds that
//! feature, and builds with `WasmBuilder::init_with_defaults().enable_metadata_hash("AXN", 12)`.
//! Until then `CheckMetadataHash` takes transactions in its mode 0, without a hash, and refuses
//! mode 1.

#[cfg(feature = "std")]
fn main() {
    substrate_wasm_builder::WasmBuilder::build_using_defaults();
}

/// The WASM is built without `std`, by the function above: nothing is left to do.
#[cfg(not(feature = "std"))]
fn main() {}
