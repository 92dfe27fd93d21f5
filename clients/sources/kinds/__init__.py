"""One module for each kind of source; `registry` names them, and nobody else."""
