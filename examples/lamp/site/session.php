<?php
// Counts the visits of this browser in its session, which all tasks share, or each has by itself (lamp.sessions.store 'task').
declare(strict_types=1);

$settings = ['cookie_httponly' => true, 'cookie_samesite' => 'Lax', 'cookie_secure' => ($_SERVER['HTTPS'] ?? '') === 'on'];
if (!session_start($settings)) {
    http_response_code(503);
    exit('the store of sessions does not answer');
}
$_SESSION['visits'] = ($_SESSION['visits'] ?? 0) + 1;
$visits = (int) $_SESSION['visits'];
session_write_close();
[$node, $task] = explode(' ', htmlspecialchars(getenv('WHERE') ?: 'unknown unknown'));
header('Cache-Control: no-store');
?>
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>swarm-farm</title>
<link rel="stylesheet" href="style.css">
<main>
  <p>your visit</p>
  <h1 id="visits"><?= $visits ?></h1>
  <dl>
    <dt>node</dt><dd id="node"><?= $node ?></dd>
    <dt>task</dt><dd id="task"><?= $task ?></dd>
  </dl>
</main>
</html>
