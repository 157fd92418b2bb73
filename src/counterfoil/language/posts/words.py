"""The folded words that tell the lines of a selling post apart: goods, greetings, delivery, how to reach the seller.

Written for this project from how Vietnamese sellers write on social networks; all patterns read folded text.
"""

from __future__ import annotations

import re

# Kinds of goods: the first word of what is sold, or one that only goods have.
_GOODS = (
    "ao|quan|vay|dam|giay|dep|sandal|sneaker|sneakers|boot|boots|tui|vi da|vi nam|vi nu|vi dai|vi ngan|vi cam tay"
    "|vi mini|vi|balo|ba lo|vali|"
    "dong ho|nuoc hoa|son|kem|serum|toner|sua rua mat|sua tam|sua|mat na|tay trang|phan|cushion|mascara|"
    "tai nghe|op|op lung|sac|cu sac|cap sac|day sac|cap|loa|chuot|ban phim|dien thoai|iphone|ipad|laptop|airpods|kinh|"
    "mu|non|that lung|day nit|day lung|khan|tat|vo|set|bo|hoodie|jacket|polo|jean|jeans|short|blazer|cardigan|croptop"
    "|legging|"
    "dau goi|dau xa|dau nhot|nhot|nuoc giat|bot giat|tinh chat|vitamin|vien uong|collagen|thuoc|tra|ca phe|banh|keo|"
    "sach|truyen|gau bong|lego|do choi|robot|mo hinh|xe|nhan|vong|vong tay|bong tai|day chuyen|lac|lac tay|noi|chao"
    "|quat|den|vai|"
    "bugi|ma phanh|lop xe|nhong|may say|may ep|may xay|may|ruou|bia|nuoc mam|mat ong|yen|tao|nho|ta|bim|quan ao|dam body|"
    "chan vay|yem|do bo|do ngu|bra|ao lot|noi y|pijama|pyjama|xit|sap vuot toc|gel|lan khu mui|kem chong nang|phu kien|"
    "bop|clutch|charm|the nho|pin|sac du phong|gay|tay cam|dep le|guoc|giay tay|giay luoi|coc|binh|ly|hop com|chan|ga"
    "|goi|nem|rem|ban|ghe|tu|ke|giuong|tham|co|ca|tom|muc|thit|rau|com|bun|pho|che|xoi|cua|oc|hat|gao|trung|dua|buoi|xoai"
    "|chuoi|guong|camera|tivi|macbook|tablet|may anh|sim|tranh|hoa"
)
GOODS = re.compile(rf"(?<!\w)(?:{_GOODS})(?!\w)")
# Words that open with the letters of goods and name none.
NOT_GOODS = re.compile(
    r"(?<!\w)(?:(?:mot|hai|ba|bon|nam|sau|muoi) (?:bo|set|ly|binh|goi|cap|tui|coc)|"
    r"(?:tui|hop|bao|bich|goi|thung|binh|can|hu|chai|coc|ly) \d+[.,]?\d* ?(?:kg|ky|g|gr|gram|ml|l|lit|cai|goi|vien"
    r"|bich|lon)|so dien thoai|toan bo|dien thoai (?:lien|shop|dat)|(?:\d+|/|≥|tu|moi|1) (?:bo|set|ly|binh|goi|cap)"
    r"|/(?:bo|set|ly|binh|goi|cap)|phan (?:tram|hoi|biet|loai)|vi (?:tri|dieu kien|vay|so luong|du|the|khach|dang|sao"
    r"|la|ly do)|bo (?:phi|qua|lo|suu tap|cong an|truong)|"
    r"may (?:anh|chi|bac|ban|em|man|mau|set|loai)|the nho may|pin trau|set do cua|tra (?:hang|loi|gop|lai|truoc|tien"
    r"|cuu)|xe (?:om|tai|may ship)|"
    r"nhan (?:hang|order|dat|tin|vien|dip|ship|gui|ngay|sua|ve|in)|cap (?:nhat|ben|toc)|goi (?:y|dien|ngay|qua|em|shop|cho)|"
    r"ly do|den (?:bu|het|ngay|tan|khi|shop|voi|\d)|ta (?:oi|nhe)|banh tieu|quan (?:\d+|tam|trong|ly|binh|tan phu|go vap)|"
    r"(?:khach|cac) chan|chan (?:that|thanh|ai)|bo (?:si|hang)|keo (?:tin|xuong|het|bao)|lac da|son ha|binh (?:luan"
    r"|chon|tan|duong|thanh)|"
    r"noi (?:khong|dia|that|tieng|len|chung)|coc (?:truoc|giu|tien|don|\d)|nho (?:de|chup|bam|like|ghe|kiem|cmt"
    r"|inbox)|non nuoc|"
    r"sac (?:mau|net|so)|gay (?:gat|sot|nghien)|kinh (?:doanh|gui|chao|moi|thua)|loa loa|tat ca|vo doi|vo cung"
    r"|dat (?:tui|goi))(?!\w)"
)

GREETING = re.compile(
    r"^\W*(?:(?:xin )?chao|hello|hi|alo+|good morning|hom nay|loa loa|ca nha oi|cac (?:chi|ban|nang|mom|me|bac|anh"
    r"|tinh yeu) oi|chi em oi|"
    r"cam on|thank|thanks|chuc|mung|tin vui|sap tet|moi (?:ca nha|chi em|anh em)|em chao|shop chao|nhanh tay|mai dinh"
    r"|mai mai|"
    r"ngay moi|update|cap nhat|hang (?:moi )?ve|ve hang|hang hot ve|xa hang|xa kho|sale (?:to|lon|sap san|het|manh)"
    r"|thanh ly|don tu|don kho|"
    r"list hang|danh sach|bang gia|menu|bao gia|ban si|hang san|hang co san|san hang|co san|sap sale|flash sale"
    r"|big sale|pass do|pass nhanh|pass gap)(?!\w)"
)
DELIVERY = re.compile(
    r"(?<!\w)(?:ship|freeship|free ship|giao hang|giao toan quoc|van chuyen|phi ship|cod|nhan hang|kiem hang|doi tra"
    r"|doi size|hoan tien|bao hanh|"
    r"thanh toan|chuyen khoan|ck truoc|coc|voucher|giam them|tang kem|qua tang|mua tu|don tu|hoa don tu|ho tro phi"
    r"|khong doi tra|gui hang)(?!\w)"
)
REACH = re.compile(
    r"(?<!\w)(?:lien he|lh|hotline|sdt|dien thoai dat hang|zalo|zl|inbox|ib|cmt|comment|inb|dia chi|dc|add|address"
    r"|fanpage|page|facebook|fb|telegram|tele|"
    r"stk|so tk|so tai khoan|tai khoan|ctk|ngan hang|kho hang|cua hang tai|shop tai|gio mo cua|mo cua|nhan tin"
    r"|ket ban|nhom|group|link|"
    r"tuyen ctv|tuyen si|tuyen dai ly|ctv|follow|theo doi|like|share|chia se|tag|cmt so|live|livestream|21h|20h"
    r"|hen gap)(?!\w)"
)
SHARED = re.compile(
    r"(?<!\w)(?:dong gia|all|tat ca|toan bo|moi (?:mau|em|cai|mon|bo|doi|chiec)|gia chung|chung gia|cung gia|"
    r"bat ky|full shop|ca (?:shop|kho|bai|list))(?!\w)"
)
# What a second price of one item stands for: a size, a number of pieces, a reseller's price.
VARIANT = re.compile(
    r"(?<!\w)(?:(?:tui|hop|bao|bich|goi|thung|binh|can|hu|chai|coc|ly|lo|tuyp) \d+[.,]?\d* ?(?:kg|ky|g|gr|gram|ml|l"
    r"|lit|cai|goi|vien|bich|lon)|size|sz|mau(?! so| \d)|freesize|thung|loc|ket|dat(?: tu| tren| hang)?|[smlx]|xl|xxl"
    r"|2xl|3xl|si|le"
    r"|ban si|ban le|gia si|gia le|ctv|combo|mua|lay|cap|cai|chiec|doi|set|bo|hop|chai|"
    r"\d+ ?(?:ml|g|gr|kg|gb|l|cm|cai|chiec|doi|hop|chai|goi|vien|bo|set|tui|con|mieng)|ban (?:thuong|cao|vip|trung)"
    r"|full ?size|mini|lon|nho|"
    r"nguoi lon|tre em|nam|nu|ngan tay|dai tay|tu \d+|tren \d+|\d+)(?!\w)"
)
WHOLESALE = re.compile(
    r"(?<!\w)(?:si|ctv|ban buon|dai ly|gia goc|nhap|(?:dat|lay|mua)? ?(?:tu|tren|≥|>=|>) ?\d+ (?:cai|chiec|doi|bo|sp"
    r"|san pham|hop|chai))(?!\w)"
)
MANY = re.compile(
    r"^\W*(?:(?:hop|thung|loc|ket|tui|goi) \d+|(?:hai|ba|bon|nam|sau|muoi) (?:cai|chiec|doi|bo|set|hop|chai|hu|lo|goi"
    r"|cay|con|em|bich|kg|ky)|combo|mua|lay|set|cap|nguyen|ca|[2-9]|1\d)(?: \w+){0,2}(?!\w)"
)
# Words around a price that are not part of a name.
PRICE_WORDS = re.compile(
    r"(?<!\w)(?:gia(?: (?:sale|si|le|ban|chi|soc|re|tot|shop|moi|full|pass|uu dai|hom nay|goc|cu|hang|niem yet"
    r"|thanh ly|chung|con))*|chi|chi con|con|sale|sale con|off|ban|pass|fix|fix nhe|chot|thanh ly|"
    r"de lai|dong gia|only|price|nay|nhe|nha|a|ah|thoi|luon|moi|tu|khoang|tam|voi|duy nhat|ve|la|hien|uu dai|co|full"
    r"|soc|re|cuc re|"
    r"vnd|d|k|dong|bich|hu|tuyp|kg|ky|cai|chiec|doi|set|bo|hop|chai|em|con|goi|cay|con fix|co fix|bao ship|freeship"
    r"|free ship|chua ship"
    r"|ca ship|ship)(?!\w)"
)
# A line of these alone is a choice among pieces of the same goods.
COLOURS = re.compile(
    r"(?:[\W_]|(?<!\w)(?:mau|den|trang|do|do do|vang|vang nghe|xanh|xanh la|xanh duong|xanh reu|xanh than|xanh navy|navy|hong"
    r"|hong phan|tim|nau|nau tay|be|kem|xam|ghi|cam|reu|bac|bo|bo do|dam|nhat|sua|da bo|pastel|black|white|red|blue"
    r"|green|pink"
    r"|grey|gray|beige|brown|va|hoac|tron|ke|soc|size|sz|con|het|[smlx]|xl|xxl|free|freesize|\d+)(?!\w))+"
)
# `Cả bộ 750k` after the parts of it is no further offer.
WHOLE = re.compile(
    r"^\W*(?:(?:ca|nguyen|full|tron|lay ca|mua ca|lay het|ca hai) (?:bo|set|combo|cap|hai|[2-9])|combo ca|lay het)(?!\w)"
)
DETAIL = re.compile(
    r"^\W*(?:size|sz|mau(?: sac)?(?! so| \d)|chat(?: lieu)?|form|full ?box|full ?size|fullbox|bill|tinh trang|tt"
    r"|kich thuoc|kt|nang|trong luong|han|hsd|date|nsx|xuat xu|"
    r"thuong hieu|hang san xuat|dung tich|bao gom|gom|tang|kem|phu hop|cong dung|thanh phan|hdsd|cach dung|ly do|mua"
    r"|dung|moi|con|new|like ?new|"
    r"hang|gia|sale|da bo|vai|cotton|chuan|cam ket|bao|auth|rep|sieu|khong|ko|san|chi tiet|note|luu y|p/s|ps|chat vai"
    r"|form dang|dap hop|seal|nguyen|pin|may|"
    r"mat|day|de|co lop|lot|hoa tiet|phoi|thiet ke|dang|mac|di|deo|xai|su dung)(?!\w)"
)
HASHTAGS = re.compile(r"^\s*(?:#\w+\s*)+$")
COMMENTS = re.compile(
    r"^\W*(?:binh luan|comments?|cmt|phan hoi)(?: cua khach)?\W*(?:\(\d+\))?\W*$|^\W*xem them binh luan"
)
NEW = re.compile(
    r"(?<!\w)(?:moi 100 ?%|new 100 ?%|new 100|brand ?new|moi tinh|moi nguyen|nguyen seal|nguyen tem|chua dung"
    r"|chua mac|chua xai|chua qua su dung|new seal|newseal|hang moi 100|moi cung|chua boc|chua bong|nguyen hop)(?!\w)"
)
REFURBISHED = re.compile(r"(?<!\w)(?:refurbished|refurb|tan trang|hang dung lai|cpo)(?!\w)")
