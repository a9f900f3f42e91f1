"""Canvas: its submission exports are read, its gradebook is filled in."""
