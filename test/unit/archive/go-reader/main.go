// Reads chart archives as Helm's loader does (helm.sh/helm/v3/pkg/chart/loader/archive.go, LoadArchiveFiles): gzip and tar
// of Go's standard library, folders left out by FileInfo, global pax headers skipped. Standard input holds archives, each
// after its length in four bytes; for each, one line of JSON goes to standard output.
package main

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
)

type file struct {
	Name    string `json:"name"`
	Content string `json:"content"`
	Time    int64  `json:"time"`
}

type answer struct {
	Error string `json:"error,omitempty"`
	Files []file `json:"files"`
}

func read(archive []byte) ([]file, error) {
	unzipped, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return nil, err
	}
	files := []file{}
	for reader := tar.NewReader(unzipped); ; {
		header, err := reader.Next()
		if err == io.EOF {
			return files, nil
		}
		if err != nil {
			return nil, err
		}
		if header.FileInfo().IsDir() || header.Typeflag == tar.TypeXGlobalHeader || header.Typeflag == tar.TypeXHeader {
			continue
		}
		hash := sha256.New()
		if _, err := io.Copy(hash, reader); err != nil {
			return nil, err
		}
		files = append(files, file{header.Name, hex.EncodeToString(hash.Sum(nil)), header.ModTime.Unix()})
	}
}

func main() {
	input := bufio.NewReader(os.Stdin)
	output := json.NewEncoder(os.Stdout)
	for {
		var length uint32
		if binary.Read(input, binary.BigEndian, &length) != nil {
			return
		}
		archive := make([]byte, length)
		if _, err := io.ReadFull(input, archive); err != nil {
			panic(err)
		}
		files, err := read(archive)
		if err != nil {
			output.Encode(answer{Error: err.Error()})
		} else {
			output.Encode(answer{Files: files})
		}
	}
}
