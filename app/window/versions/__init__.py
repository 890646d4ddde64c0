"""Several results of one photo: kept, named, compared with each other, saved one by one or all."""
