// A pin that is looked at and not enforced: a wrong key is reported as TrustKit for Android reports it.

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.text.SimpleDateFormat;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import okhttp3.Handshake;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** Stands on the network's side of OkHttp: after the handshake, before the request. */
final class OkHttpReport implements Interceptor {
    private static final int NOT_SENT = -1;

    /** Of the collector's answer; 0 where none came. */
    int status = NOT_SENT;

    boolean sent() {
        return status != NOT_SENT;
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        Handshake handshake = chain.connection().handshake();
        if (!OkHttpTrust.leafFits(handshake)) {
            status = OkHttpClientProgram.statusOf(new Request.Builder()
                    .url("https://" + OkHttpJob.text("report_host", "") + "/")
                    .post(RequestBody.create(
                            MediaType.parse("application/json"),
                            json(handshake.peerCertificates()).getBytes(StandardCharsets.UTF_8)))
                    .build());
        }
        return chain.proceed(chain.request());
    }

    private static String json(List<Certificate> chain) throws IOException {
        String host = quoted(OkHttpJob.text("host", ""));
        String certificates = pems(chain);
        StringJoiner members = new StringJoiner(",", "{", "}");
        members.add("\"app-bundle-id\":\"com.shop.test\"");
        members.add("\"app-version\":\"142\"");
        members.add("\"app-vendor-id\":\"599f9c00-92dc-4b5c-9464-7971f01f8370\"");
        members.add("\"app-platform\":\"ANDROID\"");
        members.add("\"trustkit-version\":\"1.1.5\"");
        members.add("\"hostname\":" + host);
        members.add("\"port\":" + OkHttpJob.whole("port", 443));
        members.add("\"noted-hostname\":" + host);
        members.add("\"include-subdomains\":false");
        members.add("\"enforce-pinning\":false");
        members.add("\"validation-result\":1");
        String now = new SimpleDateFormat("yyyy-MM-dd'T'HH:mm:ssZ", Locale.ROOT).format(new Date());
        members.add("\"date-time\":" + quoted(now));
        members.add("\"validated-certificate-chain\":" + certificates);
        members.add("\"served-certificate-chain\":" + certificates);
        members.add("\"known-pins\":[" + quoted("pin-sha256=\"" + OkHttpJob.text("pin", "") + "\"") + "]");
        return members.toString();
    }

    private static String pems(List<Certificate> chain) throws IOException {
        Base64.Encoder encoder = Base64.getMimeEncoder(64, new byte[] {'\n'});
        StringJoiner array = new StringJoiner(",", "[", "]");
        try {
            for (Certificate one : chain) {
                String body = encoder.encodeToString(one.getEncoded());
                array.add(quoted("-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n"));
            }
        } catch (CertificateEncodingException error) {
            throw new IOException(error);
        }
        return array.toString();
    }

    static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }
}
