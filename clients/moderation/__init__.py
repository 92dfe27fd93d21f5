"""Taking down what others wrote, reversibly first; the evidence of it; appeals; and decisions to let things be."""
