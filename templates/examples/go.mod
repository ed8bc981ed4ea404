module contoso.example/go-template-app

go 1.26
