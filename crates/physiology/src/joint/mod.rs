//! Joints: passive mechanics of one hinge, and the planar two-joint arm.

pub mod arm;
pub mod hinge;
pub mod thixotropy;
