// The process behind the `okhttp` kind: attempts one after the other, one JSON line each.

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.CertificatePinner;
import okhttp3.ConnectionPool;
import okhttp3.ConnectionSpec;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.TlsVersion;
import okhttp3.internal.tls.OkHostnameVerifier;

public final class OkHttpClientProgram {
    private static final Map<String, String> JOB = new HashMap<>();

    public static void main(String[] arguments) throws Exception {
        for (String argument : arguments) {
            String[] pair = argument.split("=", 2);
            JOB.put(pair[0], pair[1]);
        }
        int attempts = Integer.parseInt(JOB.getOrDefault("attempts", "1"));
        int times = Integer.parseInt(JOB.getOrDefault("times", "3"));
        String technique = JOB.getOrDefault("technique", "none");
        for (int number = 0; number < attempts; number++) {
            if (number > 0) {
                Thread.sleep((long) (1000 * Double.parseDouble(JOB.getOrDefault("pause_s", "0"))));
            }
            String now = technique;
            if (technique.equals("relents")) {
                now = number < times ? "pin" : "none";
            }
            attempt(client(now));
        }
        System.exit(0);
    }

    private static OkHttpClient client(String technique) throws Exception {
        String bundle = JOB.get(technique.equals("anchors") ? "anchors" : "trust");
        X509TrustManager manager = managerFor(new File(bundle));
        OkHttpClient.Builder builder = new OkHttpClient.Builder();
        if (technique.equals("manager")) {
            manager = new PinningManager(manager, JOB.get("pin"));
        } else if (technique.equals("trust-all")) {
            manager = new TrustsAll();
            builder.hostnameVerifier((host, session) -> true);
        } else if (technique.equals("pin-served")) {
            // OkHttp 2.7 did so, at this very moment: after the host name, before the request (CVE-2016-2402).
            builder.hostnameVerifier(
                    (host, session) -> OkHostnameVerifier.INSTANCE.verify(host, session) && servesThePin(session));
        } else if (technique.equals("pin")) {
            builder.certificatePinner(
                    new CertificatePinner.Builder()
                            .add(JOB.get("host"), "sha256/" + JOB.get("pin"))
                            .build());
        }
        // A context for each attempt, so that none resumes another's session.
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {manager}, null);
        String[] proxy = JOB.get("proxy").split(":");
        long timeout = (long) (1000 * Double.parseDouble(JOB.getOrDefault("timeout_s", "5")));
        return builder.sslSocketFactory(context.getSocketFactory(), manager)
                .connectionSpecs(Collections.singletonList(spec()))
                .protocols(
                        JOB.getOrDefault("alpn", "").equals("h2")
                                ? Arrays.asList(Protocol.HTTP_2, Protocol.HTTP_1_1)
                                : Collections.singletonList(Protocol.HTTP_1_1))
                .proxy(new Proxy(Proxy.Type.HTTP, new InetSocketAddress(proxy[0], Integer.parseInt(proxy[1]))))
                .connectTimeout(timeout, TimeUnit.MILLISECONDS)
                .readTimeout(timeout, TimeUnit.MILLISECONDS)
                .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
                .build();
    }

    private static ConnectionSpec spec() {
        ConnectionSpec.Builder spec = new ConnectionSpec.Builder(ConnectionSpec.MODERN_TLS).allEnabledCipherSuites();
        switch (JOB.getOrDefault("tls", "any")) {
            case "1.2":
                return spec.tlsVersions(TlsVersion.TLS_1_2).build();
            case "1.3":
                return spec.tlsVersions(TlsVersion.TLS_1_3).build();
            default:
                return spec.tlsVersions(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2).build();
        }
    }

    private static void attempt(OkHttpClient client) {
        String url = "https://" + JOB.get("host") + ":" + JOB.getOrDefault("port", "443") + JOB.getOrDefault("path", "/");
        Request request = new Request.Builder().url(url).build();
        try (Response response = client.newCall(request).execute()) {
            response.body().bytes();
            say("response", "response", "HTTP " + response.code() + " " + response.protocol());
        } catch (SSLPeerUnverifiedException error) {
            say("refused", "check", error.getMessage());
        } catch (SSLHandshakeException error) {
            boolean ours = false;
            for (Throwable cause = error; cause != null; cause = cause.getCause()) {
                ours |= cause instanceof CertificateException;
            }
            say(ours ? "refused" : "failed", "handshake", error.getMessage());
        } catch (SSLException error) {
            say("failed", "handshake", error.toString());
        } catch (IOException error) {
            boolean proxy = String.valueOf(error.getMessage()).contains("CONNECT");
            say("failed", proxy ? "proxy" : "request", error.toString());
        } finally {
            client.connectionPool().evictAll();
        }
    }

    private static void say(String result, String stage, String detail) {
        String line = String.valueOf(detail).split("\n")[0].replace("\\", "\\\\").replace("\"", "\\\"");
        System.out.println(
                "{\"result\": \"" + result + "\", \"stage\": \"" + stage + "\", \"detail\": \"" + line + "\"}");
    }

    private static X509TrustManager managerFor(File bundle) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream pem = new FileInputStream(bundle)) {
            int number = 0;
            for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                store.setCertificateEntry("anchor-" + number++, one);
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return (X509TrustManager) factory.getTrustManagers()[0];
    }

    /** Whether any certificate holds the pin that the server sent, in whatever place. */
    private static boolean servesThePin(SSLSession session) {
        try {
            for (Certificate one : session.getPeerCertificates()) {
                if (pinOf((X509Certificate) one).equals(JOB.get("pin"))) {
                    return true;
                }
            }
        } catch (SSLPeerUnverifiedException | CertificateException error) {
            return false;
        }
        return false;
    }

    private static String pinOf(X509Certificate certificate) throws CertificateException {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getPublicKey().getEncoded());
            return Base64.getEncoder().encodeToString(digest);
        } catch (java.security.NoSuchAlgorithmException error) {
            throw new CertificateException(error);
        }
    }

    /** Trusts what the device trusts, and then only a chain that holds the pin: inside the handshake. */
    private static final class PinningManager implements X509TrustManager {
        private final X509TrustManager device;
        private final String pin;

        PinningManager(X509TrustManager device, String pin) {
            this.device = device;
            this.pin = pin;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            device.checkServerTrusted(chain, type);
            for (X509Certificate element : chain) {
                if (pinOf(element).equals(pin)) {
                    return;
                }
            }
            throw new CertificateException("no pin matches");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return device.getAcceptedIssuers();
        }
    }

    private static final class TrustsAll implements X509TrustManager {
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
