<?php
declare(strict_types=1);

/** As long as mysql takes to start again: a visitor waits and sees no error. */
const PATIENCE_SECONDS = 40;

/** A server that is there answers sooner; one whose node was lost may never say that it is gone. */
const ANSWER_SECONDS = 8;

/** MySQL's ER_NO_SUCH_TABLE. */
const NO_SUCH_TABLE = 1146;

/** Work with the database, begun again while mysql is being moved, lost or given another password. */
function with_database(callable $work): mixed
{
    mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
    $deadline = time() + PATIENCE_SECONDS;
    while (true) {
        try {
            return $work(connect());
        } catch (mysqli_sql_exception $problem) {
            if (time() >= $deadline) {
                http_response_code(503);
                exit('the database does not answer: ' . htmlspecialchars($problem->getMessage()));
            }
            usleep(500_000);
        }
    }
}

function connect(): mysqli
{
    $password = trim((string) file_get_contents('/run/secrets/mysql-password'));
    $database = mysqli_init();
    $database->options(MYSQLI_OPT_CONNECT_TIMEOUT, 3);
    $database->options(MYSQLI_OPT_READ_TIMEOUT, ANSWER_SECONDS);
    $database->real_connect('mysql', 'app', $password, 'app');
    return $database;
}

/** Counts one visit and gives the number of all. */
function count_visit(mysqli $database): int
{
    $count = 'INSERT INTO visits (id, number) VALUES (1, LAST_INSERT_ID(1)) ON DUPLICATE KEY UPDATE number = LAST_INSERT_ID(number + 1)';
    try {
        $database->query($count);
    } catch (mysqli_sql_exception $problem) {
        if ($problem->getCode() !== NO_SUCH_TABLE) {
            throw $problem;
        }
        $database->query('CREATE TABLE IF NOT EXISTS visits (id INT PRIMARY KEY, number BIGINT NOT NULL)');
        $database->query($count);
    }
    return (int) $database->insert_id;
}
