module go-reader

go 1.21
