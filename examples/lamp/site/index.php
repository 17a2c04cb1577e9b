<?php
// Names the node and the task it comes from, and counts its visits in mysql: reload, and see the balancing.
declare(strict_types=1);

require __DIR__ . '/database.php';

$visits = with_database(count_visit(...));
[$node, $task] = explode(' ', htmlspecialchars(getenv('WHERE') ?: 'unknown unknown'));
$client = htmlspecialchars($_SERVER['HTTP_X_REAL_IP'] ?? $_SERVER['REMOTE_ADDR'] ?? 'unknown');
header('Cache-Control: no-store');
?>
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>swarm-farm</title>
<link rel="stylesheet" href="style.css">
<main>
  <p>visit</p>
  <h1 id="visits"><?= $visits ?></h1>
  <dl>
    <dt>node</dt><dd id="node"><?= $node ?></dd>
    <dt>task</dt><dd id="task"><?= $task ?></dd>
    <dt>your address</dt><dd id="client"><?= $client ?></dd>
    <dt>php</dt><dd><?= PHP_VERSION ?></dd>
  </dl>
</main>
</html>
