//! `jixia-intake`

/// Gives memory back some seconds after it was freed, whichever thread freed it: after sign-ins, whose hashing takes 19 MiB
/// each, and after uploads, the C library's allocator kept a multiple of what an idle server needs.
#[cfg(feature = "jemalloc")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> std::process::ExitCode {
    jixia_intake::cli::run()
}
