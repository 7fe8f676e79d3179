import Foundation
import LinuxSystem

/// A web server of Python's library on this machine, for as long as this object lives. `/echo` tells what was asked.
final class TestServer {
    /// Where it listens, `127.0.0.1:41234`.
    let address: String
    private let child: ChildProcess
    private let output: Descriptor

    private static let script = """
        import sys, ssl, json, time
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
        class H(BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'
            def log_message(self, *a): pass
            def answer(self):
                n = int(self.headers.get('content-length') or 0)
                body = self.rfile.read(n).decode()
                if self.path == '/away':
                    self.send_response(302); self.send_header('Location', '/echo'); self.send_header('Content-Length', '5')
                    self.end_headers(); self.wfile.write(b'moved'); return
                if self.path == '/file': self.send_response(302); self.send_header('Location', 'file:///etc/passwd'); self.send_header('Content-Length', '0'); self.end_headers(); return
                if self.path == '/loop': self.path = '/hop/302?/loop'
                if self.path.startswith('/countdown/'):
                    n = int(self.path[11:]); self.path = '/hop/302?/countdown/%d' % (n - 1) if n else '/echo'
                if self.path.startswith('/hop/'):
                    code, _, target = self.path[5:].partition('?')
                    self.send_response(int(code))
                    if target: self.send_header('Location', target)
                    self.send_header('Content-Length', '0'); self.end_headers(); return
                if self.path == '/slow': time.sleep(5)
                if self.path == '/huge':
                    self.send_response(200); self.send_header('Content-Length', str(32 << 20)); self.end_headers()
                    try: [self.wfile.write(b'x' * 65536) for _ in range(512)]
                    except OSError: pass
                    return
                text = self.command + ' ' + body + ' ' + ' '.join(f'{k.lower()}={v}' for k, v in sorted(self.headers.items()))
                data = text.encode()
                self.send_response(200); self.send_header('x-test', 'yes'); self.send_header('Content-Length', str(len(data)))
                self.end_headers()
                if self.command != 'HEAD': self.wfile.write(data)
            do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = answer
        s = ThreadingHTTPServer(('127.0.0.1', 0), H)
        if len(sys.argv) > 1:
            c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); c.load_cert_chain(sys.argv[1], sys.argv[2])
            s.socket = c.wrap_socket(s.socket, server_side=True)
        print('127.0.0.1:%d' % s.server_address[1], flush=True)
        s.serve_forever()
        """

    /// Starts it.
    /// - Parameter certificate: files of a certificate and its key, for TLS.
    init(certificate: (path: String, key: String)? = nil) throws {
        let (read, write) = try Descriptor.pipe()
        let files = certificate.map { [$0.path, $0.key] } ?? []
        child = try ChildProcess.start(
            "/usr/bin/python3", ["-c", Self.script] + files, environment: ["LC_ALL=C.UTF-8"], descriptors: [1: write])
        output = read
        var line: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64)
        while line.last != UInt8(ascii: "\n") {
            let count = try buffer.withUnsafeMutableBytes { try read.read(into: $0) }
            guard count > 0 else { throw CocoaError(.executableLoad) }
            line += buffer[..<count]
        }
        address = String(decoding: line.dropLast(), as: UTF8.self)
    }

    deinit {
        child.kill()
        _ = try? child.wait()
    }
}
