"""One recipe per method: data, blur, losses, stages, sizes, targets."""
