//! The program: arguments, exit codes, output, and the commands besides `check`.

mod at;
mod check;
mod commands;
mod compare;
mod docs;
mod eval;
mod init;
mod log;
mod tables;
mod test;
