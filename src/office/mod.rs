//! Files that offices send, as plain data: ZIP archives, tables, Word documents. Functions of bytes, every one of them bounded: what
//! people send is hostile until it is read. The import and the intake read with them.

pub mod archive;
pub mod docx;
pub mod heading;
pub mod tables;
