# shellcheck shell=sh
# In SQL's quotes a backslash and a quote mean something.
quoted() { tr -d '\n' | sed -e 's/\\/\\\\/g' -e "s/'/''/g" -e "1s/^/'/" -e "\$s/\$/'/"; }

# account_sql PASSWORD_FILE: the SQL of a start that creates $MYSQL_DATABASE and $MYSQL_USER, and sets the user's password. The
# previous one stays valid until the next change, so that php tasks that know only it go on working while a rotation rolls.
#
# The same password again must not push the previous one out. Which one was set is an attribute of the user, changed with it in
# one statement: a record beside it would be wrong after a start that was interrupted.
account_sql() {
  user=$(printf '%s\n' "$MYSQL_USER" | quoted)
  password=$(cat "$1" && echo)
  password=$(printf '%s\n' "$password" | quoted)
  digest=$(printf %s "$password" | sha256sum | sed 's/ .*//')
  record="{\"password\": \"$digest\"}"
  cat <<SQL
CREATE DATABASE IF NOT EXISTS \`$MYSQL_DATABASE\`;
CREATE USER IF NOT EXISTS $user@'%' IDENTIFIED BY $password ATTRIBUTE '$record';
GRANT ALL ON \`$MYSQL_DATABASE\`.* TO $user@'%';
SET @is_set = (SELECT COUNT(*) FROM information_schema.user_attributes WHERE user = $user AND host = '%' AND JSON_UNQUOTE(JSON_EXTRACT(attribute, '\$.password')) = '$digest');
SET @change = CONCAT('ALTER USER ', QUOTE($user), '@''%'' IDENTIFIED BY ', QUOTE($password), ' RETAIN CURRENT PASSWORD ATTRIBUTE ', QUOTE('$record'));
SET @change = IF(@is_set, 'DO 0', @change);
PREPARE change_password FROM @change;
EXECUTE change_password;
SQL
}
