package remote

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/pkg/sftp"
)

// destination returns the path the source itself gets: that asked for, or one
// in it if it is a folder that exists. A file whose path ends in a slash goes
// into that folder in any case.
func destination(client *sftp.Client, source item, asked string) (string, error) {
	if asked == "" {
		return "", errors.New("remotePath is empty")
	}
	to := path.Clean(asked)
	info, err := client.Stat(to)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if source.folder() || !strings.HasSuffix(asked, "/") {
			return to, nil
		}
	case err != nil:
		return "", err
	case !info.IsDir() && source.folder():
		return "", errors.New("a folder cannot be copied over an existing file")
	case !info.IsDir():
		return to, nil
	}
	if source.name == "" && !source.folder() {
		return "", errors.New("that is a folder and a string asset has no file name: add one to remotePath")
	}
	return path.Join(to, source.name), nil
}

// upload copies an item to exactly the given path, making the folders above.
func upload(client *sftp.Client, source item, to string) error {
	if source.folder() {
		if err := client.MkdirAll(to); err != nil {
			return fmt.Errorf("making the folder %s: %w", to, err)
		}
		for _, entry := range source.entries {
			if err := upload(client, entry, path.Join(to, entry.name)); err != nil {
				return err
			}
		}
		return nil
	}
	if err := client.MkdirAll(path.Dir(to)); err != nil {
		return fmt.Errorf("making the folder %s: %w", path.Dir(to), err)
	}
	if err := uploadFile(client, source, to); err != nil {
		return fmt.Errorf("writing %s: %w", to, err)
	}
	return nil
}

func uploadFile(client *sftp.Client, source item, to string) (err error) {
	from, err := source.open()
	if err != nil {
		return err
	}
	defer from.Close()
	_, statErr := client.Stat(to)
	// Overwritten in place: containers that mount this file would not see one
	// put in its stead.
	file, err := client.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	// Before the contents are there: they may not be for everybody's eyes.
	if errors.Is(statErr, fs.ErrNotExist) && source.mode != 0 {
		if err := file.Chmod(source.mode); err != nil {
			return err
		}
	}
	_, err = file.ReadFrom(from)
	return err
}
