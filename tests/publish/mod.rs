//! What is put in front of people on a platform.

mod hostile;
