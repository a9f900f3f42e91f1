"""Known mistakes in gradients, made by general operators on the equations of the backward pass."""
