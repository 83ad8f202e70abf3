-- entente.lua - what `entente capture` writes, taken apart in Wireshark or
-- tshark 4.0 and later (PROTOCOL.md, appendix D).
--
-- Frames are shown by our own link.proto, so the folder that holds it is to be
-- named, as one path from the root of the file system:
--
--   tshark -X lua_script:tools/wireshark/entente.lua \
--     -o "uat:protobuf_search_paths:\"$PWD/proto\",\"TRUE\"" \
--     -r link.pcapng -V
--
-- For good: put this file into ~/.local/lib/wireshark/plugins, and add the
-- folder in Wireshark at Preferences, Protocols, ProtoBuf, search paths, with
-- "Load all files" ticked.  Without it all but the fields of frames is shown.
--
-- What can be filtered by:
--
--   entente.link == 2 && entente.from == "ifc"       one link, one direction
--   entente.step == "message 1"                      who calls whom
--   entente.frame.kind == "leaves"                   (capture start --frames)
--   entente.leaf.precedence == 5                     FLASH, on its way
--
-- Interface "wire" has TCP bytes: they are put together to the frames of 6.1
-- for each link and direction, and frames that span packets are shown where
-- they end.  A file that begins in the midst of a link (the second of a capture
-- with a limit) does not tell where the next frame of that link begins: such
-- bytes are said to be so, until the link is dialled again; `mergecap -a` makes
-- one file of all.
--
-- Everything from the file is judged before it is read: no capture, whoever
-- made it, may throw an error here.

local CLASSES = {
    [1] = "OPEN", [2] = "KEY", [3] = "SEALKEY", [4] = "REVOKE",
    [5] = "MESSAGE", [6] = "ANSWER", [7] = "GRANT", [8] = "AGREEMENT",
    [9] = "STATEMENT",
}
local PRECEDENCES = {
    [1] = "DEFERRED", [2] = "ROUTINE", [3] = "PRIORITY", [4] = "IMMEDIATE",
    [5] = "FLASH", [6] = "OVERRIDE",
}
local SUITES = { [1] = "X25519, ChaCha20-Poly1305" }
local PURPOSES = {
    [1] = "storage key", [2] = "organisation key", [3] = "capture",
    [4] = "backup",
}
-- Fields of link.proto's Frame.
local KINDS = {
    [1] = "hello", [2] = "sizes", [3] = "leaves", [4] = "head",
    [5] = "bodies", [6] = "cosigned", [7] = "fetch", [8] = "stop",
    [9] = "ask_grant", [10] = "keepalive", [11] = "bye",
}
local KIND_LEAVES = 3
local LEAVES_ORIGIN, LEAVES_START, LEAVES_LEAVES = 1, 5, 6

local TAG = 16
local MAC1 = 16
local KEY = 32
local MESSAGE_1_MIN = MAC1 + 96 + 2 + 8
local MESSAGE_1_MAX = 2048
local LEAF = 80
local ENVELOPE = 156
local MAGIC = "656e74656e746500" -- "entente" and a zero byte
local OUT = 2 -- frame.packet_flags_direction

-- --- fields ---------------------------------------------------------------

local wire = Proto("entente", "Entente link")
local frames = Proto("entente_frames", "Entente frame")
local records = Proto("entente_records", "Entente replay record")

local f = {
    link = ProtoField.uint32("entente.link", "Link"),
    dialled = ProtoField.bool("entente.dialled", "Dialled by this node"),
    from = ProtoField.string("entente.from", "From"),
    to = ProtoField.string("entente.to", "To"),
    step = ProtoField.string("entente.step", "Step"),
    number = ProtoField.uint32("entente.number", "Number of the frame",
        base.DEC, nil, 0, "of this link and direction, from 0"),
    length = ProtoField.uint16("entente.length", "Length"),
    mac1 = ProtoField.bytes("entente.mac1", "mac1"),
    ephemeral = ProtoField.bytes("entente.ephemeral", "Ephemeral key"),
    static = ProtoField.bytes("entente.static", "Static key, encrypted"),
    payload = ProtoField.bytes("entente.payload", "Payload, encrypted"),
    tag = ProtoField.bytes("entente.tag", "Tag"),
    midst = ProtoField.bytes("entente.midst",
        "Of a link that began before this file"),
    part = ProtoField.bytes("entente.part", "Part of a frame"),
}
wire.fields = f

local g = {
    kind = ProtoField.string("entente.frame.kind", "Kind"),
    leaf = ProtoField.none("entente.leaf", "Leaf"),
    origin = ProtoField.string("entente.leaf.origin", "Origin"),
    index = ProtoField.uint64("entente.leaf.index", "Index"),
    suite = ProtoField.uint16("entente.leaf.suite", "Suite", base.HEX,
        SUITES),
    class = ProtoField.uint8("entente.leaf.class", "Class", base.DEC,
        CLASSES),
    precedence = ProtoField.uint8("entente.leaf.precedence", "Precedence",
        base.DEC, PRECEDENCES),
    padded = ProtoField.uint32("entente.leaf.padded_length",
        "Padded length"),
    sealing = ProtoField.uint32("entente.leaf.sealing_key",
        "Sealing key number"),
    epoch = ProtoField.uint32("entente.leaf.secret_epoch",
        "Pair secret epoch"),
    commitment = ProtoField.bytes("entente.leaf.commitment",
        "Key commitment"),
    digest = ProtoField.bytes("entente.leaf.digest", "Digest"),
}
frames.fields = g

local r = {
    what = ProtoField.string("entente.record", "Record"),
    purpose = ProtoField.uint8("entente.envelope.purpose", "Purpose",
        base.DEC, PURPOSES),
    id = ProtoField.bytes("entente.envelope.id", "Id"),
    passes = ProtoField.uint32("entente.envelope.passes", "Argon2id passes"),
    memory = ProtoField.uint32("entente.envelope.memory",
        "Argon2id memory, KiB"),
    salt = ProtoField.bytes("entente.envelope.salt", "Salt"),
    nonce = ProtoField.bytes("entente.envelope.nonce", "Nonce"),
    commitment = ProtoField.bytes("entente.envelope.commitment",
        "Commitment"),
    sealed = ProtoField.bytes("entente.sealed", "Sealed"),
}
records.fields = r

local malformed = ProtoExpert.new("entente.malformed",
    "Not what a node writes", expert.group.MALFORMED, expert.severity.ERROR)
wire.experts = { malformed }
local bad_frame = ProtoExpert.new("entente_frames.malformed",
    "Not what a node sends", expert.group.MALFORMED, expert.severity.ERROR)
frames.experts = { bad_frame }
local bad_record = ProtoExpert.new("entente_records.malformed",
    "Not what a node writes", expert.group.MALFORMED, expert.severity.ERROR)
records.experts = { bad_record }

-- --- what the file says of a packet -----------------------------------------

local of_interface = Field.new("frame.interface_id")
local of_queue = Field.new("frame.interface_queue")
local of_direction = Field.new("frame.packet_flags_direction")
local of_comment = Field.new("frame.comment")

local function first(field)
    local found = field()

    return found and found.value
end

-- Interface, link, whether it went out, and names where the comment has them.
local function look()
    local comment = tostring(first(of_comment) or "")
    local said = {
        interface = tonumber(first(of_interface)) or 0,
        link = tonumber(first(of_queue)) or 0,
        out = tonumber(first(of_direction)) == OUT,
    }

    said.from, said.to = comment:match("^(.-) to (.-), link %d")
    said.dialled = said.link % 2 == 0
    return said
end

local function show_link(said, tree)
    tree:add(f.link, said.link):set_generated()
    tree:add(f.dialled, said.dialled):set_generated()
    if said.from then
        tree:add(f.from, said.from):set_generated()
        tree:add(f.to, said.to):set_generated()
    end
end

-- The columns Source and Destination, else empty.
local function show_names(said, pinfo)
    local here, there = "this node", "link " .. said.link

    pinfo.cols.src = said.from or (said.out and here or there)
    pinfo.cols.dst = said.to or (said.out and there or here)
end

-- --- the wire ----------------------------------------------------------------

-- streams[key]: { midst =, number =, had = ByteArray or nil }: what is known
-- of a link and direction so far.  found[packet]: what this packet ended.
local streams, found = {}, {}

function wire.init()
    streams, found = {}, {}
end

local function is_message_1(buffer)
    if buffer:len() < 2 then
        return false
    end
    local length = buffer(0, 2):uint()

    return length >= MESSAGE_1_MIN and length <= MESSAGE_1_MAX and
        buffer:len() <= 2 + length
end

-- The caller's first bytes are message 1; where they are not, or the called
-- speaks first, the link began before this file.
local function stream_of(said, buffer)
    local id = said.interface .. ":" .. said.link
    local link = streams[id]
    local called = said.out ~= said.dialled

    if link == nil then
        link = { midst = called or not is_message_1(buffer) }
        streams[id] = link
    end
    local side = called and "called" or "caller"

    link[side] = link[side] or { number = 0 }
    return link, link[side], called
end

-- Cuts what there is into frames; what is left waits for the next packet.
local function cut(stream, called, bytes)
    local ended, at = {}, 0

    while bytes:len() - at >= 2 do
        local length = bytes:get_index(at) * 256 + bytes:get_index(at + 1)

        if bytes:len() - at < 2 + length then
            break
        end
        ended[#ended + 1] = {
            bytes = bytes:subset(at, 2 + length),
            number = stream.number,
            called = called,
        }
        stream.number = stream.number + 1
        at = at + 2 + length
    end
    stream.had = nil
    if at < bytes:len() then
        stream.had = bytes:subset(at, bytes:len() - at)
    end
    return ended
end

local function learn(said, buffer)
    local link, stream, called = stream_of(said, buffer)
    local bytes = buffer:bytes()

    if link.midst then
        return { midst = true }
    end
    if stream.had then
        stream.had:append(bytes)
        bytes = stream.had
    end
    return { ended = cut(stream, called, bytes) }
end

-- "message 1", "message 2" or "transport", shown.
local function show_frame(frame, tree)
    local buffer = frame.bytes:tvb("Frame " .. frame.number)
    local length = buffer(0, 2):uint()
    local step = "transport"
    local sub, at

    if frame.number == 0 then
        step = frame.called and "message 2" or "message 1"
    end
    sub = tree:add(wire, buffer(), "Frame " .. frame.number .. ", " .. step ..
        ", " .. length .. " bytes")
    sub:add(f.number, frame.number):set_generated()
    sub:add(f.step, step):set_generated()
    sub:add(f.length, buffer(0, 2))
    if step == "message 1" and length >= MESSAGE_1_MIN then
        sub:add(f.mac1, buffer(2, MAC1))
        at = 2 + MAC1
        sub:add(f.ephemeral, buffer(at, KEY))
        sub:add(f.static, buffer(at + KEY, KEY + TAG))
        at = at + KEY + KEY + TAG
        sub:add(f.payload, buffer(at))
    elseif step == "message 2" and length == KEY + TAG then
        sub:add(f.ephemeral, buffer(2, KEY))
        sub:add(f.tag, buffer(2 + KEY, TAG))
    elseif step == "transport" and length >= TAG then
        if length > TAG then
            sub:add(f.payload, buffer(2, length - TAG))
        end
        sub:add(f.tag, buffer(2 + length - TAG, TAG))
    else
        sub:add_proto_expert_info(malformed)
    end
    return step .. " (" .. length .. ")"
end

function wire.dissector(buffer, pinfo, root)
    local said = look()
    local tree = root:add(wire, buffer())
    local words = {}
    local packet

    pinfo.cols.protocol = "Entente"
    show_names(said, pinfo)
    show_link(said, tree)
    if not found[pinfo.number] then
        found[pinfo.number] = learn(said, buffer)
    end
    packet = found[pinfo.number]
    if packet.midst then
        tree:add(f.midst, buffer())
        pinfo.cols.info = "link " .. said.link .. ": began before this file"
        return
    end
    for _, frame in ipairs(packet.ended) do
        words[#words + 1] = show_frame(frame, tree)
    end
    if #words == 0 then
        tree:add(f.part, buffer())
        words[1] = "part of a frame"
    end
    pinfo.cols.info = "link " .. said.link .. ": " .. table.concat(words, ", ")
end

-- --- frames --------------------------------------------------------------------

-- A varint at `at` and the place behind it; nil: there is none.  Beyond 2^53
-- it is not exact, and no length is so large.
local function varint(buffer, at)
    local value, scale = 0, 1

    for _ = 1, 10 do
        if at >= buffer:len() then
            return nil
        end
        local byte = buffer(at, 1):uint()

        value = value + byte % 128 * scale
        scale = scale * 128
        at = at + 1
        if byte < 128 then
            return value, at
        end
    end
    return nil
end

-- Field number, place and length of its bytes, the place behind, and its
-- value, if it is a varint; nil: malformed, or the end.
local function field_at(buffer, at)
    local tag, length, value

    tag, at = varint(buffer, at)
    if not tag then
        return nil
    end
    if tag % 8 == 0 then
        value, at = varint(buffer, at)
        if not value then
            return nil
        end
        return math.floor(tag / 8), at, 0, at, value
    end
    if tag % 8 ~= 2 then
        return nil
    end
    length, at = varint(buffer, at)
    if not length or length > buffer:len() - at then
        return nil
    end
    return math.floor(tag / 8), at, length, at + length
end

local function show_leaf(buffer, tree, origin, index)
    local class, precedence = buffer(2, 1):uint(), buffer(3, 1):uint()
    local sub = tree:add(g.leaf, buffer())

    sub:set_text("Leaf " .. index .. ": " .. (CLASSES[class] or class) .. ", " ..
        (PRECEDENCES[precedence] or precedence))
    sub:add(g.origin, origin):set_generated()
    sub:add(g.index, UInt64(index % 2 ^ 32, index / 2 ^ 32)):set_generated()
    sub:add(g.suite, buffer(0, 2))
    sub:add(g.class, buffer(2, 1))
    sub:add(g.precedence, buffer(3, 1))
    sub:add(g.padded, buffer(4, 4))
    sub:add(g.sealing, buffer(8, 4))
    sub:add(g.epoch, buffer(12, 4))
    sub:add(g.commitment, buffer(16, 32))
    sub:add(g.digest, buffer(48, 32))
end

-- The Leaves message that a frame holds.
local function show_leaves(buffer, tree)
    local origin, start, leaves = "", 0, nil
    local at = 0

    while at < buffer:len() do
        local number, from, length, behind, value = field_at(buffer, at)

        if not number then
            tree:add_proto_expert_info(bad_frame)
            return
        end
        if number == LEAVES_ORIGIN and length > 0 then
            origin = buffer(from, length):string()
        elseif number == LEAVES_START and value and value < 2 ^ 53 then
            start = value
        elseif number == LEAVES_LEAVES and length > 0 then
            leaves = buffer(from, length)
        end
        at = behind
    end
    if not leaves or leaves:len() % LEAF ~= 0 then
        tree:add_proto_expert_info(bad_frame)
        return
    end
    for i = 0, leaves:len() / LEAF - 1 do
        show_leaf(leaves(i * LEAF, LEAF), tree, origin, start + i)
    end
end

local function show_fields(buffer, pinfo, root)
    local protobuf = Dissector.get("protobuf")

    if not protobuf then
        return
    end
    pinfo.private["pb_msg_type"] = "message,entente.Frame"
    protobuf:call(buffer, pinfo, root)
end

function frames.dissector(buffer, pinfo, root)
    local said = look()
    local tree = root:add(frames, buffer())
    local number, at, length = field_at(buffer, 0)
    local kind = number and KINDS[number]

    show_link(said, tree)
    tree:add(g.kind, kind or "of no known kind"):set_generated()
    if not kind then
        tree:add_proto_expert_info(bad_frame)
    end
    if number == KIND_LEAVES and length > 0 then
        show_leaves(buffer(at, length):tvb(), tree)
    end
    pcall(show_fields, buffer, pinfo, root)
    pinfo.cols.protocol = "Entente frame"
    show_names(said, pinfo)
    pinfo.cols.info = "link " .. said.link .. ": " ..
        (kind or "of no known kind")
end

-- --- replay records -----------------------------------------------------------

-- Where the envelope of a capture stands; what follows are sealed pieces.
function records.dissector(buffer, pinfo, root)
    local tree = root:add(records, buffer())
    local is_envelope = buffer:len() == ENVELOPE and
        buffer(0, 8):bytes():tohex(true) == MAGIC

    pinfo.cols.protocol = "Entente replay"
    if is_envelope then
        tree:add(r.what, "envelope"):set_generated()
        tree:add(r.purpose, buffer(10, 1))
        tree:add(r.id, buffer(12, 16))
        tree:add(r.passes, buffer(28, 4))
        tree:add(r.memory, buffer(32, 4))
        tree:add(r.salt, buffer(36, 16))
        tree:add(r.nonce, buffer(52, 24))
        tree:add(r.commitment, buffer(76, 32))
        tree:add(r.sealed, buffer(108, 48))
        pinfo.cols.info = "envelope of the capture's key"
    elseif buffer:len() > 1 + TAG then
        tree:add(r.what, "sealed piece"):set_generated()
        tree:add(r.sealed, buffer())
        pinfo.cols.info = "sealed piece, " .. buffer:len() - TAG - 1 ..
            " bytes of a record"
    else
        tree:add_proto_expert_info(bad_record)
    end
end

local encapsulations = DissectorTable.get("wtap_encap")

encapsulations:add(wtap.USER0, wire)
encapsulations:add(wtap.USER1, frames)
encapsulations:add(wtap.USER2, records)
