//! `jixia-intake`

fn main() -> std::process::ExitCode {
    jixia_intake::cli::run()
}
