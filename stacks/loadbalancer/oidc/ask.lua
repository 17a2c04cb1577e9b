-- Asks oauth2-proxy, through a socket of HAProxy itself, who the user of a request is. Where it says so (202), the request goes on, with
-- the user in variables. Anything else is the answer to the client: a redirect to the provider, or that this user may not.

-- What oauth2-proxy needs of a request.
local passed = {
  "cookie", "accept", "user-agent", "x-requested-with", "host",
  "x-real-ip", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host",
}

-- Headers of the connection, and the body's length, which HAProxy sets.
local own = { ["connection"] = true, ["keep-alive"] = true, ["transfer-encoding"] = true, ["content-length"] = true }

local users = { "user", "email", "preferred-username", "groups" }

local waitMilliseconds = 30000

-- HAProxy counts the values of a header from 0.
local function valuesOf(header)
  local values = {}
  for index = 0, #header do
    values[#values + 1] = header[index]
  end
  return values
end

core.register_action("oidc", { "http-req" }, function(txn, socket)
  local asked = txn.http:req_get_headers()
  local headers = { ["x-auth-request-redirect"] = { txn.sf:pathq() } }
  for _, name in ipairs(passed) do
    if asked[name] then
      headers[name] = valuesOf(asked[name])
    end
  end
  local answer = core.httpclient():get({
    url = "http://127.0.0.1/",
    dst = "unix@" .. socket,
    headers = headers,
    timeout = waitMilliseconds,
  })
  if answer.status == 202 then
    for _, name in ipairs(users) do
      local value = answer.headers["x-auth-request-" .. name]
      if value then
        txn:set_var("txn.oidc_" .. name:gsub("%-", "_"), table.concat(valuesOf(value), ","))
      end
    end
    txn:set_var("txn.oidc", true)
    return
  end
  -- No task of oauth2-proxy answers: the rule after this one does.
  if not answer.status or answer.status == 0 or answer.status >= 500 then
    return
  end
  local reply = txn:reply({ status = answer.status, body = answer.body })
  for name, header in pairs(answer.headers) do
    if not own[name] then
      for _, value in ipairs(valuesOf(header)) do
        reply:add_header(name, value)
      end
    end
  end
  txn:done(reply)
end, 1)
