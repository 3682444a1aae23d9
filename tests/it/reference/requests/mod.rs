//! Protocol section 2.2: which operation takes which member, what the members may hold, how they combine.

mod combinations;
mod members;
mod values;
