//! The dialogs, driven as a person would.

use super::*;
