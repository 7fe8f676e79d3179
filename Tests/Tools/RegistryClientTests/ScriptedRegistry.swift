import BakeModel
import Foundation
import GitFixtures
import LinuxSystem

@testable import RegistryClient

/// A server of Python's library that answers as it was told, and remembers what it was asked; it ends with its owner.
final class ScriptedRegistry {
    /// One answer. `HERE` in headers and content stands for the server's port.
    struct Reply {
        var status = 200
        var headers: [String: String] = [:]
        var content: [UInt8] = []
        /// How many bytes of the content are sent before the connection breaks.
        var breaksAfter: Int?
        /// Whether the server knows ranges.
        var knowsRanges = true

        static func status(_ status: Int, _ headers: [String: String] = [:], _ text: String = "") -> Reply {
            Reply(status: status, headers: headers, content: Array(text.utf8))
        }
    }

    /// What the server was asked.
    struct Request {
        let path: String
        let authorization: String?
        let range: String?
        let host: String
    }

    let port: Int
    private let child: ChildProcess
    private let directory: TemporaryDirectory

    /// Answers each path with its replies in turn, the last again and again; other paths with 404.
    /// - Parameter certificate: files of a certificate and its key, for TLS.
    init(_ replies: [String: [Reply]], certificate: (path: String, key: String)? = nil) throws {
        directory = try TemporaryDirectory()
        let document = JSON.object(replies.mapValues { .array($0.map(\.json)) })
        try Data(document.canonicalBytes).write(to: URL(filePath: "\(directory.path)/replies"))
        let (read, write) = try Descriptor.pipe()
        let files = certificate.map { [$0.path, $0.key] } ?? []
        child = try ChildProcess.start(
            "/usr/bin/python3", ["-c", Self.script, directory.path] + files, environment: ["LC_ALL=C.UTF-8"],
            descriptors: [1: write])
        var line: [UInt8] = []
        var byte: [UInt8] = [0]
        while try byte.withUnsafeMutableBytes({ try read.read(into: $0) }) == 1, byte[0] != 0x0a { line += byte }
        port = Int(String(decoding: line, as: UTF8.self)) ?? 0
    }

    deinit {
        child.kill()
        _ = try? child.wait()
    }

    /// What it was asked so far.
    func requests() throws -> [Request] {
        try String(contentsOfFile: "\(directory.path)/log", encoding: .utf8).split(separator: "\n").map { line in
            let json = try JSON(parsing: Array(line.utf8))
            return Request(
                path: json["path"]?.string ?? "", authorization: json["authorization"]?.string,
                range: json["range"]?.string, host: json["host"]?.string ?? "")
        }
    }

    /// A client that does not wait long.
    func client(
        login: String? = nil, certificates: String? = nil, scheme: String = "docker", host: String = "127.0.0.1"
    ) throws -> RegistryClient {
        let (name, port) = ("\(host):\(port)", port)
        var access = RegistryAccess(
            credentials: {
                var credentials = RegistryCredentials()
                let auth = login.map { Data($0.utf8).base64EncodedString() }
                if let auth {
                    try credentials.add(Array(#"{"auths":{"\#(name)":{"auth":"\#(auth)"}}}"#.utf8), from: "F")
                }
                return credentials
            }, certificates: certificates)
        access.firstWait = 0.01
        access.stallSeconds = 2
        let reference = try RegistryReference(parsing: "\(scheme)://\(host):\(port)/a/b")
        return try RegistryClient(reference.repository, access: access, program: BuiltBake.program)
    }

    private static let script = """
        import base64, http.server, json, os, ssl, sys
        directory = sys.argv[1]
        replies = json.load(open(directory + '/replies'))
        log = open(directory + '/log', 'a', buffering=1)
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'
            def log_message(self, *arguments): pass
            def do_GET(self):
                asked = dict(path=self.path, host=self.headers['Host'])
                for name in 'Authorization', 'Range':
                    if self.headers[name]: asked[name.lower()] = self.headers[name]
                log.write(json.dumps(asked) + '\\n')
                queue = replies.get(self.path, [dict(status=404, headers={}, content='')])
                reply = queue.pop(0) if len(queue) > 1 else queue[0]
                content, status = base64.b64decode(reply['content']), reply['status']
                here = str(server.server_port)
                if b'HERE' in content[:200]: content = content.replace(b'HERE', here.encode())
                start = 0
                if status == 200 and 'range' in asked and reply.get('ranges'):
                    start, status = int(asked['range'][6:-1]), 206
                self.send_response(status)
                for name, value in reply['headers'].items(): self.send_header(name, value.replace('HERE', here))
                if status == 206: self.send_header('Content-Range', f'bytes {start}-{len(content) - 1}/{len(content)}')
                rest = content[start:]
                self.send_header('Content-Length', str(len(rest)))
                self.end_headers()
                if 'breaks' in reply:
                    self.wfile.write(rest[:reply['breaks']])
                    self.close_connection = True
                else: self.wfile.write(rest)
        server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        if len(sys.argv) > 2:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(sys.argv[2], sys.argv[3])
            server.socket = context.wrap_socket(server.socket, server_side=True)
        print(server.server_port, flush=True)
        server.serve_forever()
        """
}

extension ScriptedRegistry.Reply {
    fileprivate var json: JSON {
        .record([
            "status": .number(Int64(status)), "headers": .object(headers.mapValues(JSON.string)),
            "content": .string(Data(content).base64EncodedString()), "breaks": breaksAfter.map { .number(Int64($0)) },
            "ranges": .bool(knowsRanges),
        ])
    }
}
