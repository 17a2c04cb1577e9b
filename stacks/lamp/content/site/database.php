<?php
declare(strict_types=1);

/** As long as mysql takes to start again: a visitor waits and sees no error. */
const PATIENCE_SECONDS = 40;

/** A connection, waited for while mysql is being moved or its password changed. */
function connect(): mysqli
{
    mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
    $deadline = time() + PATIENCE_SECONDS;
    while (true) {
        try {
            $password = trim((string) file_get_contents('/run/secrets/mysql-password'));
            $database = mysqli_init();
            $database->options(MYSQLI_OPT_CONNECT_TIMEOUT, 3);
            $database->real_connect('mysql', 'app', $password, 'app');
            return $database;
        } catch (mysqli_sql_exception $problem) {
            if (time() >= $deadline) {
                http_response_code(503);
                exit('the database does not answer: ' . htmlspecialchars($problem->getMessage()));
            }
            usleep(500_000);
        }
    }
}

/** Counts one visit and gives the number of all. */
function count_visit(mysqli $database): int
{
    $count = 'INSERT INTO visits (id, number) VALUES (1, LAST_INSERT_ID(1)) ON DUPLICATE KEY UPDATE number = LAST_INSERT_ID(number + 1)';
    try {
        $database->query($count);
    } catch (mysqli_sql_exception) {
        $database->query('CREATE TABLE IF NOT EXISTS visits (id INT PRIMARY KEY, number BIGINT NOT NULL)');
        $database->query($count);
    }
    return (int) $database->insert_id;
}
