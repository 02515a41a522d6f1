"""Who may see and do what: worlds, twins, indistinguishable answers."""
