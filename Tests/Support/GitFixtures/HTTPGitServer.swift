import Foundation
import LinuxSystem

/// git http-backend behind python's http.server on loopback; it ends with its owner.
public final class HTTPGitServer {
    /// Where it listens.
    public let port: Int
    private let child: ChildProcess

    /// Serves the repositories below a directory.
    /// - Parameter status: answered to every request in the place of git's answer.
    public init(root: String, status: Int = 200) throws {
        let (read, write) = try Descriptor.pipe()
        child = try ChildProcess.start(
            "/usr/bin/python3", ["-c", Self.script, root, "\(status)"], environment: ["PATH=/usr/bin:/bin"],
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

    private static let script = """
        import http.server, os, subprocess, sys
        root, status = sys.argv[1], int(sys.argv[2])
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.0'
            def log_message(self, *arguments): pass
            def do_POST(self): self.do_GET()
            def do_GET(self):
                length = int(self.headers.get('Content-Length') or 0)
                body = self.rfile.read(length)
                if self.headers.get('Transfer-Encoding') == 'chunked':
                    while (size := int(self.rfile.readline(), 16)):
                        body += self.rfile.read(size); self.rfile.readline()
                if status != 200:
                    self.send_response(status)
                    self.send_header('WWW-Authenticate', 'Basic realm="x"'); self.end_headers()
                    return
                path, _, query = self.path.partition('?')
                environment = dict(PATH=os.environ['PATH'], GIT_PROJECT_ROOT=root, GIT_HTTP_EXPORT_ALL='1',
                    PATH_INFO=path, QUERY_STRING=query, REQUEST_METHOD=self.command, CONTENT_LENGTH=str(len(body)),
                    CONTENT_TYPE=self.headers.get('Content-Type', ''), GIT_CONFIG_COUNT='1',
                    GIT_CONFIG_KEY_0='safe.directory', GIT_CONFIG_VALUE_0='*')
                answer = subprocess.run(['git', 'http-backend'], input=body, env=environment, stdout=subprocess.PIPE).stdout
                head, _, rest = answer.partition(b'\\r\\n\\r\\n')
                headers = [line.split(': ', 1) for line in head.decode().split('\\r\\n')]
                code = [value for name, value in headers if name == 'Status']
                self.send_response(int(code[0].split()[0]) if code else 200)
                for name, value in headers:
                    if name != 'Status': self.send_header(name, value)
                self.end_headers()
                self.wfile.write(rest)
        server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        print(server.server_port, flush=True)
        server.serve_forever()
        """
}
