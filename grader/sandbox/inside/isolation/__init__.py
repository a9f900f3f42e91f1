"""What holds a child: each file is a layer of isolation; `jail` puts them on, `probes` tries to get out."""
