<?php
// Takes files, and lists them. nginx serves them from /uploads/, as downloads.
declare(strict_types=1);

const FOLDER = '/srv/uploads';

/** The name under which a file is kept: no folders, and nothing that is there is replaced. */
function stored_name(string $name): string
{
    $plain = trim(preg_replace('/[^A-Za-z0-9._-]+/', '-', basename($name)) ?? '', '.-');
    return bin2hex(random_bytes(4)) . '-' . substr($plain === '' ? 'file' : $plain, -100);
}

function answer(int $status, string $text): never
{
    http_response_code($status);
    header('Content-Type: text/plain; charset=utf-8');
    exit("$text\n");
}

if ($_SERVER['REQUEST_METHOD'] === 'POST') {
    $file = $_FILES['file'] ?? null;
    $error = $file['error'] ?? UPLOAD_ERR_NO_FILE;
    if ($error === UPLOAD_ERR_INI_SIZE || $error === UPLOAD_ERR_FORM_SIZE) answer(413, 'at most 64 MB a file');
    if ($error !== UPLOAD_ERR_OK) answer(400, 'send a file in the field "file"');
    $name = stored_name($file['name']);
    // In one step: a reader never sees half of it.
    $new = FOLDER . "/.$name";
    if (!move_uploaded_file($file['tmp_name'], $new) || !chmod($new, 0644) || !rename($new, FOLDER . "/$name")) {
        @unlink($new);
        answer(507, 'the file was not kept: the volume may be full');
    }
    header('Location: ./', true, 303);
    exit;
}

$names = array_map(basename(...), glob(FOLDER . '/*') ?: []);
header('Cache-Control: no-store');
?>
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Uploads</title>
<style>
  :root { color-scheme: light dark; font: 1.1rem/1.5 system-ui, sans-serif; }
  body { max-width: 36rem; margin: 2rem auto; padding: 0 1rem; }
  button, input { font: inherit; margin: .25rem 0; }
</style>
<h1>Uploads</h1>
<form method="post" enctype="multipart/form-data">
  <label for="file">File, at most 64 MB</label><br>
  <input id="file" name="file" type="file" required><br>
  <button>Upload</button>
</form>
<ul>
<?php foreach ($names as $name): ?>
  <li><a href="uploads/<?= rawurlencode($name) ?>"><?= htmlspecialchars($name) ?></a></li>
<?php endforeach ?>
</ul>
</html>
