//! The program: arguments, exit codes, output, and the commands besides `check`.

mod check;
mod commands;
mod init;
mod test;
