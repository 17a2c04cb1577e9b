package remote

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/pulumi/pulumi-go-provider/infer/types"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// item is a file or folder to be copied.
type item struct {
	// name is the last part of the path; empty if the source has no name.
	name string
	// mode is the permissions of a file that is new, zero to let the server choose.
	mode fs.FileMode
	// open returns the contents of a file; nil makes the item a folder.
	open func() (io.ReadCloser, error)
	// entries are the contents of a folder.
	entries []item
}

func (i item) folder() bool { return i.open == nil }

// read turns an asset or archive into the item to copy.
func read(source types.AssetOrArchive) (item, error) {
	switch {
	case source.Asset != nil:
		return readAsset(source.Asset)
	case source.Archive != nil:
		return readArchive(source.Archive)
	}
	return item{}, errors.New("neither an asset nor an archive")
}

func readAsset(asset *resource.Asset) (item, error) {
	switch {
	case asset.IsPath():
		return readPath(asset.Path, nil)
	case asset.IsURI():
		address, _, err := asset.GetURIURL()
		if err != nil {
			return item{}, err
		}
		return item{name: lastPart(address), open: func() (io.ReadCloser, error) { return asset.Read() }}, nil
	}
	return item{open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(asset.Text)), nil
	}}, nil
}

func lastPart(address *url.URL) string {
	if name := path.Base(address.Path); name != "." && name != "/" {
		return name
	}
	return ""
}

func readArchive(archive *resource.Archive) (item, error) {
	switch {
	case archive.IsPath():
		return readPath(archive.Path, nil)
	case archive.IsURI():
		return item{}, errors.New("archives from a URI cannot be copied: use a RemoteAsset for the file as it is")
	}
	tree := item{}
	for name, content := range archive.Assets {
		entry, err := readMember(content)
		if err != nil {
			return item{}, fmt.Errorf("%s: %w", name, err)
		}
		// Names of an asset archive may hold slashes: copied as nested paths.
		entry.name = name
		tree.entries = append(tree.entries, entry)
	}
	return tree, nil
}

// readMember reads what an asset archive holds. The framework decodes the
// archive itself but leaves its members as they are transported.
func readMember(content any) (item, error) {
	switch content := content.(type) {
	case *resource.Asset:
		return readAsset(content)
	case *resource.Archive:
		return readArchive(content)
	case map[string]any:
		if asset, is, err := resource.DeserializeAsset(content); err != nil {
			return item{}, err
		} else if is {
			return readAsset(asset)
		}
		if archive, is, err := resource.DeserializeArchive(content); err != nil {
			return item{}, err
		} else if is {
			return readArchive(archive)
		}
	}
	return item{}, fmt.Errorf("a %T is neither an asset nor an archive", content)
}

// readPath reads a file, or a folder with all in it, following links. The
// folders above are passed along to notice a link that leads back into itself.
func readPath(name string, above []fs.FileInfo) (item, error) {
	info, err := os.Stat(name)
	if err != nil {
		return item{}, err
	}
	// Not Base of the name itself, which could be "." or "..".
	full, err := filepath.Abs(name)
	if err != nil {
		return item{}, err
	}
	found := item{name: filepath.Base(full), mode: info.Mode().Perm()}
	if !info.IsDir() {
		found.open = func() (io.ReadCloser, error) { return os.Open(name) }
		return found, nil
	}
	for _, folder := range above {
		if os.SameFile(folder, info) {
			return item{}, fmt.Errorf("%s is a link to a folder it is in", name)
		}
	}
	entries, err := os.ReadDir(name)
	if err != nil {
		return item{}, err
	}
	for _, entry := range entries {
		child, err := readPath(filepath.Join(name, entry.Name()), append(above[:len(above):len(above)], info))
		if err != nil {
			return item{}, err
		}
		found.entries = append(found.entries, child)
	}
	return found, nil
}
