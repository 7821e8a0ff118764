//! Native types.
