"""A simulated office: people, automation and planted scheduled transfers, written as logs."""
