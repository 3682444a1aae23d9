//! Certificates of every shape.
