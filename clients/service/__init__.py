"""How soon members hear from the brand: both clocks kept, warned of and rung; promises tracked; figures of fairness."""
