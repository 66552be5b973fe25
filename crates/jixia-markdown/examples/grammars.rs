//! Prints the licences of the grammars that the program holds.

fn main() {
    println!("{}", two_face::acknowledgement::listing().to_md());
}
