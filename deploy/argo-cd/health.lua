-- SPDX-License-Identifier: Apache-2.0
-- The health of a segue.dev/ApplicationGroup for Argo CD: kstatus, and what stalls is degraded.
local hs = { status = "Progressing", message = "Waiting for Segue" }
local status = obj.status
if status == nil or status.conditions == nil then
  return hs
end
local generation = obj.metadata.generation
if generation ~= nil and status.observedGeneration ~= generation then
  hs.message = "Waiting for Segue to read generation " .. tostring(generation)
  return hs
end
local ready, stalled, reconciling
for _, condition in ipairs(status.conditions) do
  if condition.type == "Ready" then
    ready = condition
  elseif condition.type == "Stalled" and condition.status == "True" then
    stalled = condition
  elseif condition.type == "Reconciling" and condition.status == "True" then
    reconciling = condition
  end
end
if ready ~= nil and (ready.reason == "Suspended" or ready.reason == "AwaitingApproval") then
  hs.status = "Suspended"
  hs.message = ready.message or ready.reason
  return hs
end
if stalled ~= nil then
  hs.status = "Degraded"
  hs.message = stalled.message or stalled.reason or "Stalled"
  return hs
end
if reconciling ~= nil then
  hs.message = reconciling.message or reconciling.reason or "Reconciling"
  return hs
end
if ready ~= nil then
  hs.message = ready.message or ready.reason or ""
  if ready.status == "True" then
    hs.status = "Healthy"
  elseif ready.status == "False" then
    hs.status = "Degraded"
  end
end
return hs
