// The OkHttpClient of one attempt, made as the technique of that attempt says.

import java.io.File;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.SocketException;
import java.util.Arrays;
import java.util.Collections;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import okhttp3.CertificatePinner;
import okhttp3.Connection;
import okhttp3.ConnectionPool;
import okhttp3.ConnectionSpec;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.TlsVersion;
import okhttp3.internal.tls.OkHostnameVerifier;

final class OkHttpStack {
    /** How long the JDK may wait for the server's close after its own: without this, the whole read time-out. */
    private static final int DRAIN_MS = 50;

    private static Connection last;

    private OkHttpStack() {}

    /** Ends what the client keeps open. Android's TLS does not wait for the server at a close; the JDK's does. */
    static void letGo(OkHttpClient client) {
        try {
            if (last != null) {
                last.socket().setSoTimeout(DRAIN_MS);
            }
        } catch (SocketException error) {
            // It is closed already.
        }
        last = null;
        client.connectionPool().evictAll();
    }

    static OkHttpClient.Builder builder(String technique) {
        try {
            return made(technique);
        } catch (Exception error) {
            throw new IllegalStateException(error);
        }
    }

    private static OkHttpClient.Builder made(String technique) throws Exception {
        String bundle = OkHttpJob.text(technique.equals("anchors") ? "anchors" : "trust", "");
        X509TrustManager manager = OkHttpTrust.managerFor(new File(bundle));
        OkHttpClient.Builder builder = new OkHttpClient.Builder();
        String pin = OkHttpJob.text("pin", "");
        switch (technique) {
            case "manager":
                manager = new OkHttpTrust.PinningManager(manager, pin);
                break;
            case "trust-all":
                manager = new OkHttpTrust.TrustsAll();
                builder.hostnameVerifier((host, session) -> true);
                break;
            case "pin-served":
                // OkHttp 2.7 did so, at this very moment: after the host name, before the request (CVE-2016-2402).
                builder.hostnameVerifier(
                        (host, session) ->
                                OkHostnameVerifier.INSTANCE.verify(host, session) && OkHttpTrust.servesThePin(session));
                break;
            case "pin":
                CertificatePinner.Builder pins = new CertificatePinner.Builder();
                for (String one : pin.split(",")) {
                    pins.add(OkHttpJob.text("host", ""), "sha256/" + one);
                }
                builder.certificatePinner(pins.build());
                break;
            default:
        }
        // A context for each attempt, so that none resumes another's session.
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {manager}, null);
        String[] proxy = OkHttpJob.text("proxy", "").split(":");
        long timeout = OkHttpJob.millis("timeout_s", 5);
        return builder.sslSocketFactory(context.getSocketFactory(), manager)
                .connectionSpecs(Arrays.asList(spec(), ConnectionSpec.CLEARTEXT))
                .protocols(
                        OkHttpJob.text("alpn", "").equals("h2")
                                ? Arrays.asList(Protocol.HTTP_2, Protocol.HTTP_1_1)
                                : Collections.singletonList(Protocol.HTTP_1_1))
                .proxy(new Proxy(Proxy.Type.HTTP, new InetSocketAddress(proxy[0], Integer.parseInt(proxy[1]))))
                .connectTimeout(timeout, TimeUnit.MILLISECONDS)
                .readTimeout(timeout, TimeUnit.MILLISECONDS)
                .addNetworkInterceptor(
                        chain -> {
                            last = chain.connection();
                            return chain.proceed(chain.request());
                        })
                .connectionPool(new ConnectionPool(1, 60, TimeUnit.SECONDS));
    }

    private static ConnectionSpec spec() {
        ConnectionSpec.Builder spec = new ConnectionSpec.Builder(ConnectionSpec.MODERN_TLS).allEnabledCipherSuites();
        switch (OkHttpJob.text("tls", "any")) {
            case "1.2":
                return spec.tlsVersions(TlsVersion.TLS_1_2).build();
            case "1.3":
                return spec.tlsVersions(TlsVersion.TLS_1_3).build();
            default:
                return spec.tlsVersions(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2).build();
        }
    }
}
