//! `jixia-intake`

/// As the generator: what a build took is given back to the system when it is over.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    jixia_intake::cli::run()
}
