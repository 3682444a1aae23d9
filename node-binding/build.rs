//! Linker arguments of a Node addon.

fn main() {
    napi_build::setup();
    #[expect(clippy::disallowed_methods, reason = "that is how Cargo tells a build script")]
    let system = std::env::var("CARGO_CFG_TARGET_OS");
    if system.as_deref() == Ok("macos") {
        // Else the library calls itself by the path where it was built.
        println!("cargo::rustc-cdylib-link-arg=-Wl,-install_name,@rpath/bankid-kit.node");
    }
}
