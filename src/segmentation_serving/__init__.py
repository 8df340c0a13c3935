"""From a build that passed to what people read: publication, rollback and exports."""
