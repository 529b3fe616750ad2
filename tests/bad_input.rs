//! Files and policies that are broken or hostile. Each gives a located message and the right exit
//! code: never a crash, a hang, or a silent pass.

mod documents;
mod expressions;
mod hostile;
mod output;
mod set_up;
mod surroundings;
